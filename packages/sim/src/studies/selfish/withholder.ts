// A miner that keeps back what it should show: blocks, to make others' work come to nothing (Eyal and Sirer, 2013), and
// fruits, so that nobody else earns by packing them. It hears everything at once and is heard at once, which no real one is.
import type { SnailBlock } from "@festina/types";
import { hashSnailHeader } from "@festina/types";
import type { ConductTools, MinerConduct } from "../world/minerConduct.ts";

export interface Strategy {
  readonly name: string;
  readonly keepsFruits: boolean;
  readonly packsFruitsOfOthers: boolean;
  /**
   * Of its blocks that make it the only one ahead, those are kept whose hash lies in this lowest part of all hashes: the
   * lowest hash wins a tie. 0 keeps none.
   */
  readonly keepsBlocksBelow: number;
  /** Two ahead and the others catch up by one: shows as many as they have, not all. */
  readonly isStubborn: boolean;
}

const HASH_DIGITS_READ = 8;
const HASH_SCALE = 16 ** HASH_DIGITS_READ;

export class Withholder implements MinerConduct {
  readonly showsFruits: boolean;
  readonly packsFruitsOfOthers: boolean;
  readonly #strategy: Strategy;
  /** Own blocks that nobody else knows, oldest first. */
  #kept: SnailBlock[] = [];
  /** Others' blocks that would compete with ours: our own chain does not hear of them while we may win. */
  #rivals: SnailBlock[] = [];
  #publicHeight = 0;

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
    this.showsFruits = !strategy.keepsFruits;
    this.packsFruitsOfOthers = strategy.packsFruitsOfOthers;
  }

  clockMs(nowMs: number): number {
    return nowMs;
  }

  anchorNumber(newest: number): number {
    return newest;
  }

  onFound(block: SnailBlock, tools: ConductTools): void {
    const { number } = block.header;
    const isRace = this.#rivals.length > 0 && this.#kept.length === 0;
    const isAhead = this.#kept.length > 0;
    if (isRace || !(isAhead || this.#isWorthKeeping(block))) this.#show([block], number, tools);
    else this.#kept.push(block);
  }

  onHeard(block: SnailBlock, tools: ConductTools): void {
    const { number } = block.header;
    this.#publicHeight = Math.max(this.#publicHeight, number);
    if (number > tools.height()) {
      this.#giveUp(tools);
      tools.accept(block);
    } else if (this.#kept.length === 0 && this.#rivals.length === 0 && number < tools.height()) {
      tools.accept(block);
    } else {
      this.#rivals.push(block);
      this.#answer(tools);
    }
  }

  /** What the fast chain points to is settled: who competes with it has lost. */
  onPointer(_number: number, tools: ConductTools): void {
    for (const rival of this.#rivals.splice(0)) tools.accept(rival);
    this.#kept = this.#kept.filter((block) => tools.isOnChain(block));
  }

  #isWorthKeeping(block: SnailBlock): boolean {
    const hash = hashSnailHeader(block.header);
    return Number.parseInt(hash.slice(2, 2 + HASH_DIGITS_READ), 16) < this.#strategy.keepsBlocksBelow * HASH_SCALE;
  }

  /** Somebody has shown a block: one ahead, all is shown before the lead is gone; further ahead, as much as they have. */
  #answer(tools: ConductTools): void {
    const newest = this.#kept.at(-1)?.header.number;
    if (newest === undefined) return;
    const lead = newest - this.#publicHeight;
    const isAll = lead <= 0 || (lead === 1 && !this.#strategy.isStubborn);
    const upTo = isAll ? newest : this.#publicHeight;
    const due = this.#kept.filter(({ header }) => header.number <= upTo);
    this.#kept = this.#kept.filter(({ header }) => header.number > upTo);
    if (due.length > 0) this.#show(due, upTo, tools);
  }

  #show(blocks: readonly SnailBlock[], upTo: number, tools: ConductTools): void {
    // Longer than what the others have: nothing competes any more.
    if (upTo > this.#publicHeight) this.#rivals = [];
    this.#publicHeight = Math.max(this.#publicHeight, upTo);
    tools.publish(blocks);
  }

  #giveUp(tools: ConductTools): void {
    this.#kept = [];
    for (const rival of this.#rivals.splice(0)) tools.accept(rival);
  }
}
