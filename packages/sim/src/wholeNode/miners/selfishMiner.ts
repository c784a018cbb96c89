// Keeps its snail blocks to itself while it is ahead, and shows them when the others come close, so that their work is for
// nothing (Eyal and Sirer, 2013).
import { decodeFrame, encodeFrame } from "@festina/network";
import type { LogFacts } from "@festina/node";
import { encodeRlp, readRlp, rlpInteger } from "@festina/primitives";
import { decodeSnailBlock } from "@festina/types";
import type { MinerMischief, MinerTools } from "./minerMischief.ts";

interface Withheld {
  readonly to: number;
  readonly number: number;
  readonly frame: Uint8Array;
}

export class SelfishMiner implements MinerMischief {
  readonly name = "selfish miner";
  readonly #tools: MinerTools;
  readonly #payout: string;
  #withheld: Withheld[] = [];
  #publicHeight = 0;
  #acts = 0;

  constructor(tools: MinerTools, payout: string) {
    this.#tools = tools;
    this.#payout = payout;
  }

  get acts(): number {
    return this.#acts;
  }

  keeps(): boolean {
    return true;
  }

  send(to: number, frame: Uint8Array): readonly Uint8Array[] {
    const decoded = decodeFrame(frame);
    if (!decoded.ok) return [frame];
    const { type, payload } = decoded.value;
    if (type === "status") return [this.#modestStatus(payload)];
    if (type !== "newSnailBlock") return [frame];
    const block = decodeSnailBlock(payload);
    if (!block.ok || block.value.header.payout !== this.#payout || block.value.header.number <= this.#publicHeight)
      return [frame];
    this.#acts += 1;
    this.#withheld.push({ to, number: block.value.header.number, frame });
    return [];
  }

  /** Who says how high it stands is asked for what it has. */
  #modestStatus(payload: Uint8Array): Uint8Array {
    const heads = readRlp(payload, "status", (reader) => [reader.number("fast"), reader.number("snail")] as const);
    const [fast, snail] = heads.ok ? heads.value : [0, 0];
    return encodeFrame("status", null, encodeRlp([fast, Math.min(snail, this.#publicHeight)].map(rlpInteger)));
  }

  onLog(isOwn: boolean, event: string, facts: LogFacts): void {
    if (isOwn || event !== "snailHead") return;
    const height = Number(facts["number"]);
    if (height <= this.#publicHeight) return;
    this.#publicHeight = height;
    const tip = Math.max(0, ...this.#withheld.map(({ number }) => number));
    // One ahead only: everything, before the lead is gone. Else as much as matches what the others have.
    const upTo = tip <= height + 1 ? tip : height;
    const due = this.#withheld.filter(({ number }) => number <= upTo);
    this.#withheld = this.#withheld.filter(({ number }) => number > upTo);
    for (const { to, frame } of due) this.#tools.inject(to, frame);
  }
}
