import type { Hash32 } from "@festina/primitives";
import type { SnailBlock } from "@festina/types";
import type { PendingCause } from "../verdict.ts";

/** A block that cannot be judged yet, and who sent it. */
export interface WaitingBlock {
  readonly block: SnailBlock;
  readonly hash: Hash32;
  readonly from: string;
  readonly cause: PendingCause;
  readonly sinceSeconds: number;
}

export interface WaitingLimits {
  readonly blocksMax: number;
  readonly blocksPerSourceMax: number;
  readonly ageSecondsMax: number;
}

/**
 * Blocks that wait for a parent, for a fast block, or for their time. Bounded in number, per source, and in age; when
 * full, the block with the least claimed work goes, of equal ones the oldest.
 */
export class WaitingBlocks {
  readonly #limits: WaitingLimits;
  readonly #blocks = new Map<Hash32, WaitingBlock>();
  readonly #perSource = new Map<string, number>();

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get(hash: Hash32): WaitingBlock | undefined {
    return this.#blocks.get(hash);
  }

  /** The block that has to go: none, another one, or the new one itself. */
  add(waiting: WaitingBlock): WaitingBlock | undefined {
    if ((this.#perSource.get(waiting.from) ?? 0) >= this.#limits.blocksPerSourceMax) return waiting;
    this.#blocks.set(waiting.hash, waiting);
    this.#count(waiting.from, 1);
    if (this.#blocks.size <= this.#limits.blocksMax) return undefined;
    // Insertion order is age, and the sort is stable: the first is the oldest of those with the least work.
    const byWork = [...this.#blocks.values()].sort((a, b) =>
      a.block.header.difficulty < b.block.header.difficulty
        ? -1
        : Number(a.block.header.difficulty > b.block.header.difficulty),
    );
    const least = byWork[0] ?? waiting;
    this.#remove(least);
    return least;
  }

  takeChildrenOf(parent: Hash32): readonly WaitingBlock[] {
    return this.#take(({ cause }) => cause.why === "unknownParent" && cause.what === parent);
  }

  /** Those whose fast block is committed now or whose time has come, lowest numbers first. */
  takeReady(fastHead: number, nowSeconds: number): readonly WaitingBlock[] {
    const ready = this.#take(({ cause }) => {
      if (cause.why === "unknownFastBlock") return cause.what <= fastHead;
      return cause.why === "future" && cause.what <= nowSeconds;
    });
    return [...ready].sort((a, b) => a.block.header.number - b.block.header.number);
  }

  takeByDataSet(powKey: Hash32): readonly WaitingBlock[] {
    return this.#take(({ cause }) => cause.why === "powDataSet" && cause.what === powKey);
  }

  dropOld(nowSeconds: number): readonly WaitingBlock[] {
    return this.#take(({ sinceSeconds }) => nowSeconds - sinceSeconds > this.#limits.ageSecondsMax);
  }

  #take(isWanted: (waiting: WaitingBlock) => boolean): readonly WaitingBlock[] {
    const taken = [...this.#blocks.values()].filter(isWanted);
    for (const waiting of taken) this.#remove(waiting);
    return taken;
  }

  #remove(waiting: WaitingBlock): void {
    this.#blocks.delete(waiting.hash);
    this.#count(waiting.from, -1);
  }

  #count(source: string, change: number): void {
    const count = (this.#perSource.get(source) ?? 0) + change;
    if (count === 0) this.#perSource.delete(source);
    else this.#perSource.set(source, count);
  }
}
