import type { ChainSpec } from "@festina/chainspec";
import type { Ancestry, ExecutedBlock, HybridState } from "@festina/fastchain";
import { hybridTimeMs, restartedState } from "@festina/fastchain";
import { assert, type Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import type { CommittedChain } from "./committedChain.ts";

/** Uncommitted blocks above the head; views skip far fewer. */
const PENDING_MAX = 256;

/** Blocks that were proposed or fetched and are not final: received ones, and of these the executed ones. */
export class PendingBlocks {
  readonly #chain: CommittedChain;
  readonly #spec: ChainSpec;
  readonly #received = new Map<Hash32, FastBlock>();
  readonly #executed = new Map<Hash32, ExecutedBlock>();

  constructor(chain: CommittedChain, spec: ChainSpec) {
    this.#chain = chain;
    this.#spec = spec;
  }

  get receivedCount(): number {
    return this.#received.size;
  }

  get executedCount(): number {
    return this.#executed.size;
  }

  block(hash: Hash32): FastBlock | undefined {
    return this.#executed.get(hash)?.block ?? this.#received.get(hash);
  }

  executed(hash: Hash32): ExecutedBlock | undefined {
    return this.#executed.get(hash);
  }

  /**
   * When there is no room, the block farthest above the head goes, which may be this one: what comes next on the head is
   * what a node that fell behind needs. False when this one was not kept.
   */
  addReceived(block: FastBlock): boolean {
    if (this.#received.size >= PENDING_MAX && !this.#received.has(block.hash)) {
      let farthest = block;
      for (const other of this.#received.values()) if (other.header.number > farthest.header.number) farthest = other;
      if (farthest === block) return false;
      this.#received.delete(farthest.hash);
    }
    this.#received.set(block.hash, block);
    return true;
  }

  addExecuted(executed: ExecutedBlock): void {
    this.#executed.set(executed.block.hash, executed);
  }

  /** The state after a block, pending or final; `undefined` when it is not executed. */
  hybridState(hash: Hash32): HybridState | undefined {
    const pending = this.#executed.get(hash);
    if (pending !== undefined) return restartedState(pending.hybrid, this.#spec);
    return hash === this.#chain.head.hash ? this.#chain.head : undefined;
  }

  /** The branch below and including the block `tip`. */
  ancestry(tip: Hash32): Ancestry {
    const branch = this.branch(tip);
    const byNumber = new Map(branch.map((executed) => [executed.block.header.number, executed]));
    return {
      hashOf: (number) => byNumber.get(number)?.block.hash ?? this.#chain.hashOf(number),
      timeMsOf: (number) => {
        const pending = byNumber.get(number);
        return pending === undefined ? this.#chain.timeMsOf(number) : hybridTimeMs(pending.hybrid);
      },
    };
  }

  /** Uncommitted executed blocks from just above the head up to `tip`, oldest first. Empty for the head itself. */
  branch(tip: Hash32): readonly ExecutedBlock[] {
    const branch: ExecutedBlock[] = [];
    let at = this.#executed.get(tip);
    while (at !== undefined && at.block.header.number > this.#chain.head.header.number) {
      branch.push(at);
      at = this.#executed.get(at.block.header.parentHash);
    }
    assert(branch.length <= PENDING_MAX, "the uncommitted branch is bounded");
    return branch.reverse();
  }

  /** Drops what the new head has made impossible. */
  prune(): void {
    const { number } = this.#chain.head.header;
    for (const [hash, block] of this.#received) if (block.header.number <= number) this.#received.delete(hash);
    for (const [hash, { block }] of this.#executed) if (block.header.number <= number) this.#executed.delete(hash);
  }
}
