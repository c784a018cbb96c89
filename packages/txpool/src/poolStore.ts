import { type Address, assert, type Hash32 } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import { Commitments } from "./commitments.ts";
import { EvictionOrder } from "./evictionOrder.ts";
import type { PoolEntry } from "./poolEntry.ts";
import { SenderQueue } from "./senderQueue.ts";

export type DropReason = "mined" | "stale" | "replaced" | "evicted" | "expired" | "underfunded" | "refused";

/** What became of waiting transactions; the caller announces, forgets, notifies. */
export interface PoolChange {
  /** Newly executable, in nonce order of each sender. */
  readonly executable: readonly RecoveredTransaction[];
  readonly dropped: readonly { readonly transaction: RecoveredTransaction; readonly reason: DropReason }[];
}

/** What waits, with all its indexes in step. Decides nothing. */
export class PoolStore {
  /** In order of arrival. */
  readonly #entries = new Map<Hash32, PoolEntry>();
  readonly #queues = new Map<Address, SenderQueue>();
  readonly #sponsored = new Set<PoolEntry>();
  readonly #evictionOrder = new EvictionOrder((entry) => this.#entries.get(entry.transaction.hash) === entry);
  readonly commitments = new Commitments();
  #executableCount = 0;
  #bytes = 0;
  #dropped: { transaction: RecoveredTransaction; reason: DropReason }[] = [];

  get size(): number {
    return this.#entries.size;
  }

  get executableCount(): number {
    return this.#executableCount;
  }

  /** Of all encodings together. */
  get bytes(): number {
    return this.#bytes;
  }

  get queues(): ReadonlyMap<Address, SenderQueue> {
    return this.#queues;
  }

  /** In order of arrival. */
  entries(): Iterable<PoolEntry> {
    return this.#entries.values();
  }

  sponsored(): Iterable<PoolEntry> {
    return this.#sponsored;
  }

  get(hash: Hash32): PoolEntry | undefined {
    return this.#entries.get(hash);
  }

  /** Peers' transactions, the one worth least first; nothing may change until whoever looks has seen enough. */
  fromWorst(): Iterable<PoolEntry> {
    return this.#evictionOrder.fromWorst();
  }

  /** `accountNonce` is used when the sender has nothing waiting yet. */
  insert(entry: PoolEntry, accountNonce: bigint): PoolChange {
    const { sender } = entry.transaction;
    const queue = this.#queues.get(sender) ?? new SenderQueue(accountNonce);
    this.#queues.set(sender, queue);
    this.#track(queue, () => queue.set(entry));
    this.#remember(entry);
    return this.takeChange([sender]);
  }

  /** What follows the replaced one stays as it was, so only the new one is reported. */
  replace(replaced: PoolEntry, entry: PoolEntry): PoolChange {
    const { transaction } = entry;
    const queue = this.#queueOf(replaced);
    queue.replace(entry);
    this.#forget(replaced, "replaced");
    this.#remember(entry);
    const isExecutable = queue.executable(transaction.nonce) === entry;
    return { ...this.takeChange([]), executable: isExecutable ? [transaction] : [] };
  }

  drop(entry: PoolEntry, reason: DropReason): void {
    const { sender, nonce } = entry.transaction;
    const queue = this.#queueOf(entry);
    this.#track(queue, () => queue.delete(nonce));
    if (queue.size === 0) this.#queues.delete(sender);
    this.#forget(entry, reason);
  }

  /** To the account's new nonce, before what is below it is dropped: what follows stays executable throughout. */
  advance(account: Address, accountNonce: bigint): void {
    const queue = this.#queues.get(account);
    if (queue !== undefined) this.#track(queue, () => queue.moveTo(accountNonce));
  }

  /** What has changed since it was last taken. */
  takeChange(senders: Iterable<Address>): PoolChange {
    const executable: RecoveredTransaction[] = [];
    for (const sender of senders) {
      for (const { transaction } of this.#queues.get(sender)?.takeUnreported() ?? []) executable.push(transaction);
    }
    const dropped = this.#dropped;
    this.#dropped = [];
    return { executable, dropped };
  }

  #queueOf(entry: PoolEntry): SenderQueue {
    const queue = this.#queues.get(entry.transaction.sender);
    assert(queue?.get(entry.transaction.nonce) === entry, "what waits is in its sender's queue");
    return queue;
  }

  #remember(entry: PoolEntry): void {
    this.#entries.set(entry.transaction.hash, entry);
    this.#bytes += entry.transaction.encoded.length;
    this.commitments.add(entry);
    if (entry.transaction.sponsorship !== null) this.#sponsored.add(entry);
    if (entry.origin === "peer") this.#evictionOrder.add(entry, this.#entries.size);
  }

  #forget(entry: PoolEntry, reason: DropReason): void {
    this.#entries.delete(entry.transaction.hash);
    this.#bytes -= entry.transaction.encoded.length;
    this.commitments.remove(entry);
    this.#sponsored.delete(entry);
    this.#dropped.push({ transaction: entry.transaction, reason });
  }

  #track(queue: SenderQueue, change: () => void): void {
    const before = queue.executableCount;
    change();
    this.#executableCount += queue.executableCount - before;
  }
}
