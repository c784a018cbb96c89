import type { NodeId } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import type { FastHeader, HybridRequests, PrePrepare, Transaction } from "@festina/types";

/** A proposal of which transactions are missing. */
export interface Rebuild {
  /** Its envelope is empty. */
  readonly message: PrePrepare;
  readonly header: FastHeader;
  readonly requests: HybridRequests;
  readonly from: NodeId;
  /** The sender has proven to be the leader. */
  readonly isProven: boolean;
  /** By their places, ascending. */
  readonly missing: Map<number, Hash32>;
  readonly transactions: (Transaction | undefined)[];
  /** Nobody waits for it any more. */
  isEnded: boolean;
}

/** Only the newest views matter. */
const PER_LEADER_MAX = 2;
/** Of all peers that have not proven to be the leader. */
const UNPROVEN_MAX = 4;
const OPEN_MAX = 64;

/** The proposals that wait for transactions, in order of arrival. Where there are too many, the oldest gives way. */
export class OpenRebuilds {
  readonly #open = new Set<Rebuild>();

  get size(): number {
    return this.#open.size;
  }

  /** False when this sender's copy of it waits already. */
  add(rebuild: Rebuild): boolean {
    const { from, isProven, message } = rebuild;
    const all = [...this.#open];
    if (all.some((other) => other.from === from && other.message.blockHash === message.blockHash)) return false;
    const alike = all.filter((other) => (isProven ? other.isProven && other.from === from : !other.isProven));
    const max = isProven ? PER_LEADER_MAX : UNPROVEN_MAX;
    const [oldestAlike] = alike;
    const [oldest] = all;
    if (alike.length >= max && oldestAlike !== undefined) this.end(oldestAlike);
    else if (all.length >= OPEN_MAX && oldest !== undefined) this.end(oldest);
    this.#open.add(rebuild);
    return true;
  }

  end(rebuild: Rebuild): void {
    rebuild.isEnded = true;
    rebuild.transactions.length = 0;
    this.#open.delete(rebuild);
  }

  endAllOf(peer: NodeId): void {
    for (const rebuild of [...this.#open]) if (rebuild.from === peer) this.end(rebuild);
  }
}
