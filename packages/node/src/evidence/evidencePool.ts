import type { Address, Hash32 } from "@festina/primitives";
import type { Evidence } from "@festina/types";

/** Verified evidence that waits for a block. */
export interface PooledEvidence {
  readonly hash: Hash32;
  readonly evidence: Evidence;
  /** Whom it convicts. */
  readonly guilty: readonly Address[];
}

/** One piece costs an offender everything; the second is there in case the first expires before a block takes it. */
const PIECES_PER_OFFENDER_MAX = 2;
/** More offenders than sit in all committees of an evidence window. */
const PIECES_MAX = 1_024;

/** Evidence that waits for a block, oldest first. No offender can fill it: each has a share of its own. */
export class EvidencePool {
  readonly #pieces = new Map<Hash32, PooledEvidence>();
  readonly #shares = new Map<Address, number>();

  get size(): number {
    return this.#pieces.size;
  }

  has(hash: Hash32): boolean {
    return this.#pieces.has(hash);
  }

  pieces(): readonly PooledEvidence[] {
    return [...this.#pieces.values()];
  }

  /** False when it is here already, when there is enough against everybody it convicts, or when the pool is full. */
  add(piece: PooledEvidence): boolean {
    const isWanted = piece.guilty.some((address) => (this.#shares.get(address) ?? 0) < PIECES_PER_OFFENDER_MAX);
    if (!isWanted || this.#pieces.has(piece.hash) || this.#pieces.size >= PIECES_MAX) return false;
    this.#pieces.set(piece.hash, piece);
    for (const address of piece.guilty) this.#shares.set(address, (this.#shares.get(address) ?? 0) + 1);
    return true;
  }

  /** Drops what `isDue` says no to, and answers with it. */
  keep(isDue: (piece: PooledEvidence) => boolean): readonly PooledEvidence[] {
    const dropped = this.pieces().filter((piece) => !isDue(piece));
    for (const { hash, guilty } of dropped) {
      this.#pieces.delete(hash);
      for (const address of guilty) {
        const left = (this.#shares.get(address) ?? 0) - 1;
        if (left > 0) this.#shares.set(address, left);
        else this.#shares.delete(address);
      }
    }
    return dropped;
  }
}
