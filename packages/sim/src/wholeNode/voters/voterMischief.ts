// A dishonest member among whole nodes: its node is the production one, and what leaves the machine is not what it sends.
import { decodeFrame, encodeFrame, type Frame, MESSAGES, type MessageType } from "@festina/network";
import { encodeRlp, rlpInteger } from "@festina/primitives";
import type { Instead, Mischief, MischiefTools, Statement } from "../../byzantine/mischief.ts";
import type { Dice } from "../../world/streams.ts";
import { toFrame, toStatement } from "../statementFrames.ts";

/** Hands on what others asked for of the fast chain. */
const SUPPLY: ReadonlySet<MessageType> = new Set([
  "requestedBlock",
  "blockTransactions",
  "requestedCertificate",
  "fastBlocks",
]);
const FAR_HEIGHT = 2 ** 40;

/** Heads that nobody has; of anything else one bit is wrong, or everything. */
function garble({ type, requestId, payload }: Frame, dice: Dice): Uint8Array {
  if (type === "status") return encodeFrame(type, null, encodeRlp([FAR_HEIGHT, FAR_HEIGHT].map(rlpInteger)));
  const isSlight = payload.length > 0 && dice.chance(0.5);
  const wrong = isSlight ? payload.slice() : dice.bytes(payload.length);
  if (isSlight) {
    const at = dice.below(wrong.length);
    wrong[at] = (wrong[at] as number) ^ (1 << dice.below(8));
  }
  return encodeFrame(type, requestId, wrong);
}

interface Heard {
  readonly frame: Uint8Array;
  readonly decoded: Frame;
  readonly statement: Statement | null;
}

export class VoterMischief {
  /** How often it sent other than its node would. */
  acts = 0;
  readonly #mischief: Mischief;
  readonly #tools: MischiefTools;
  readonly #onAct: (what: string) => void;
  /** What goes to several is the same object each time. */
  #last: Heard | null = null;

  constructor(mischief: Mischief, tools: MischiefTools, onAct: (what: string) => void) {
    this.#mischief = mischief;
    this.#tools = tools;
    this.#onAct = onAct;
  }

  get name(): string {
    return this.#mischief.name;
  }

  /** What leaves when its own node sends this frame. Sessions are left alone: without one there is nobody to deceive. */
  send(to: number, frame: Uint8Array): readonly Uint8Array[] {
    const heard = this.#hear(frame);
    if (heard === null || heard.decoded.type === "member") return [frame];
    const { decoded, statement } = heard;
    if (MESSAGES[decoded.type].kind === "session") return [frame];
    const sent = this.#insteadOf(decoded.type, statement, to);
    if (sent.length === 1 && sent[0] === "itself") return [frame];
    this.acts += 1;
    this.#onAct(`${this.name}: ${decoded.type} to ${to}`);
    return sent.map((instead) => {
      if (instead === "itself") return frame;
      return instead === "garbled" ? garble(decoded, this.#tools.dice) : toFrame(instead);
    });
  }

  #insteadOf(type: MessageType, statement: Statement | null, to: number): readonly Instead[] {
    if (statement !== null) return this.#mischief.rewrite(statement, to, this.#tools);
    return this.#mischief.rewriteOther?.(SUPPLY.has(type) ? "supply" : "talk", to, this.#tools) ?? ["itself"];
  }

  #hear(frame: Uint8Array): Heard | null {
    if (this.#last?.frame === frame) return this.#last;
    const decoded = decodeFrame(frame);
    this.#last = decoded.ok ? { frame, decoded: decoded.value, statement: toStatement(decoded.value) } : null;
    return this.#last;
  }
}
