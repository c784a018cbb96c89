// The chain of one member of the core level: final blocks on disk, open ones in memory, execution that only says yes or no.
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { Certificate } from "@festina/types";
import type { ChainLog } from "./chainLog.ts";
import { GENESIS_HASH } from "./committees.ts";
import type { ChainPart } from "./message.ts";
import { decodeStubBlock, type StubBlock } from "./stubBlock.ts";

export interface FinalBlock {
  readonly block: StubBlock;
  readonly certificate: Certificate | null;
}

const OPEN_MAX = 256;

export class StubChain {
  readonly #log: ChainLog;
  readonly #final: FinalBlock[] = [];
  readonly #heights = new Map<Hash32, number>();
  readonly #open = new Map<Hash32, StubBlock>();
  readonly #executed = new Set<Hash32>();

  constructor(log: ChainLog) {
    this.#log = log;
    this.#heights.set(GENESIS_HASH, 0);
    for (const { envelope, certificate } of log.parts) {
      const read = decodeStubBlock(envelope);
      // A write whose sync failed may be there after all, and then once more: what does not fit is dropped, peers have it.
      if (!read.ok || read.value.parentHash !== this.headHash) break;
      this.#adopt(read.value, certificate);
    }
    log.keep(this.height);
  }

  get height(): number {
    return this.#final.length;
  }

  get headHash(): Hash32 {
    return this.#final.at(-1)?.block.hash ?? GENESIS_HASH;
  }

  /** Blocks that are known and not final. */
  get openCount(): number {
    return this.#open.size;
  }

  get head(): FinalBlock | null {
    return this.#final.at(-1) ?? null;
  }

  /** The epoch of the next block. */
  get nextEpoch(): number {
    const head = this.head?.block;
    return head === undefined ? 0 : head.epoch + (head.isBoundary ? 1 : 0);
  }

  /** Time of the block on which the epoch stands. */
  get epochBeganAtMs(): number {
    for (let height = this.height; height > 0; height--) {
      const block = this.at(height)?.block;
      if (block?.isBoundary === true) return block.timeMs;
    }
    return 0;
  }

  at(height: number): FinalBlock | undefined {
    return this.#final[height - 1];
  }

  isFinal(hash: Hash32): boolean {
    return this.#heights.has(hash);
  }

  block(hash: Hash32): StubBlock | undefined {
    return this.#open.get(hash) ?? this.#final[(this.#heights.get(hash) ?? 0) - 1]?.block;
  }

  openBlock(hash: Hash32): StubBlock | undefined {
    return this.#open.get(hash);
  }

  /** As in production: when there is no room, the block farthest above the head goes. False when this one was not kept. */
  addOpen(block: StubBlock): boolean {
    if (block.height <= this.height) return false;
    if (this.#open.size >= OPEN_MAX && !this.#open.has(block.hash)) {
      let farthest = block;
      for (const other of this.#open.values()) if (other.height > farthest.height) farthest = other;
      if (farthest === block) return false;
      this.#forget(farthest.hash);
    }
    this.#open.set(block.hash, block);
    return true;
  }

  isExecuted(hash: Hash32): boolean {
    return hash === this.headHash || this.#executed.has(hash);
  }

  execute(hash: Hash32): Result<StubBlock> {
    const block = this.#open.get(hash);
    if (block === undefined) return fail("BLOCK_UNKNOWN", "not here");
    if (!this.isExecuted(block.parentHash)) return fail("PARENT_UNKNOWN", "the parent is not executed");
    if (!block.hasTrueRoot) return fail("EXECUTION_ROOT", "the roots differ");
    this.#executed.add(hash);
    return ok(block);
  }

  /** The block and its open ancestors become final, oldest first. @returns them */
  commit(hash: Hash32, certificate: Certificate | null): readonly StubBlock[] {
    const branch: StubBlock[] = [];
    for (let at = this.#open.get(hash); at !== undefined && at.height > this.height; at = this.#open.get(at.parentHash))
      branch.unshift(at);
    for (const block of branch) {
      const own = block.hash === hash ? certificate : null;
      this.#log.append({ envelope: block.envelope, certificate: own });
      this.#adopt(block, own);
    }
    for (const [open, block] of this.#open) if (block.height <= this.height) this.#forget(open);
    return branch;
  }

  #forget(hash: Hash32): void {
    this.#open.delete(hash);
    this.#executed.delete(hash);
  }

  #adopt(block: StubBlock, certificate: Certificate | null): void {
    this.#final.push({ block, certificate });
    this.#heights.set(block.hash, this.#final.length);
  }

  /** Final blocks from a height on, up to the newest that has a certificate of its own, at most `max`. */
  parts(fromHeight: number, max: number): readonly ChainPart[] {
    const some = this.#final.slice(fromHeight - 1, fromHeight - 1 + max);
    while (some.length > 0 && some.at(-1)?.certificate === null) some.pop();
    return some.map(({ block, certificate }) => ({ envelope: block.envelope, certificate }));
  }
}
