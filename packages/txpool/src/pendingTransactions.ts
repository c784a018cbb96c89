import type { Address } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import { BinaryHeap } from "./binaryHeap.ts";
import type { PoolEntry } from "./poolEntry.ts";
import type { TransactionOrdering } from "./ports.ts";
import type { SenderQueue } from "./senderQueue.ts";

/**
 * The pool's executable transactions in the order a block takes them: best first, each sender's by nonce without a
 * gap. What leaves the pool while this is read is not given out any more.
 */
export class PendingTransactions implements Iterable<RecoveredTransaction> {
  readonly #queues: ReadonlyMap<Address, SenderQueue>;
  readonly #baseFeePerGasWei: bigint;
  readonly #heads: BinaryHeap<PoolEntry>;
  /** Given out last; its sender's next one enters the heap when another is asked for. */
  #last: PoolEntry | null = null;

  constructor(queues: ReadonlyMap<Address, SenderQueue>, ordering: TransactionOrdering, baseFeePerGasWei: bigint) {
    this.#queues = queues;
    this.#baseFeePerGasWei = baseFeePerGasWei;
    this.#heads = new BinaryHeap((a, b) => ordering(a, b, baseFeePerGasWei));
    for (const [sender, queue] of queues) this.#offer(sender, queue.accountNonce);
  }

  next(): RecoveredTransaction | null {
    if (this.#last !== null) {
      const { sender, nonce } = this.#last.transaction;
      this.#last = null;
      this.#offer(sender, nonce + 1n);
    }
    for (let head = this.#heads.pop(); head !== undefined; head = this.#heads.pop()) {
      const { sender, nonce } = head.transaction;
      const current = this.#queues.get(sender)?.executable(nonce);
      if (current === undefined) continue;
      this.#last = current;
      return current.transaction;
    }
    return null;
  }

  /** The transaction given out last was not used: nothing more of its sender can be. */
  skipSender(): void {
    this.#last = null;
  }

  *[Symbol.iterator](): Generator<RecoveredTransaction> {
    for (let transaction = this.next(); transaction !== null; transaction = this.next()) yield transaction;
  }

  #offer(sender: Address, nonce: bigint): void {
    const entry = this.#queues.get(sender)?.executable(nonce);
    if (entry !== undefined && entry.transaction.maxFeePerGasWei >= this.#baseFeePerGasWei) this.#heads.push(entry);
  }
}
