import { maxBigint, minBigint } from "@festina/primitives";
import type { PoolEntry } from "./poolEntry.ts";

/** One sender's transactions by nonce. Those that follow the account's nonce without a gap are executable. */
export class SenderQueue {
  readonly #entries = new Map<bigint, PoolEntry>();
  /** The account's nonce in the newest state. */
  #nextNonce: bigint;
  #executableCount = 0;
  /** Executable entries below this nonce have been reported. */
  #reportedNonce = 0n;

  constructor(nextNonce: bigint) {
    this.#nextNonce = nextNonce;
  }

  get size(): number {
    return this.#entries.size;
  }

  get executableCount(): number {
    return this.#executableCount;
  }

  get accountNonce(): bigint {
    return this.#nextNonce;
  }

  /** The first nonce after the executable ones. */
  get openNonce(): bigint {
    return this.#nextNonce + BigInt(this.#executableCount);
  }

  get(nonce: bigint): PoolEntry | undefined {
    return this.#entries.get(nonce);
  }

  /** Only if executable. */
  executable(nonce: bigint): PoolEntry | undefined {
    return nonce >= this.#nextNonce && nonce < this.openNonce ? this.#entries.get(nonce) : undefined;
  }

  set(entry: PoolEntry): void {
    const { nonce } = entry.transaction;
    this.#entries.set(nonce, entry);
    this.#reportedNonce = minBigint(this.#reportedNonce, nonce);
    this.#extend();
  }

  /** Takes the place of the entry with the same nonce; what follows it stays executable and reported. */
  replace(entry: PoolEntry): void {
    this.#entries.set(entry.transaction.nonce, entry);
  }

  delete(nonce: bigint): void {
    if (!this.#entries.delete(nonce) || nonce < this.#nextNonce) return;
    this.#reportedNonce = minBigint(this.#reportedNonce, nonce);
    if (nonce < this.openNonce) this.#executableCount = Number(nonce - this.#nextNonce);
  }

  /** Entries below the new nonce are the caller's to delete. */
  moveTo(nextNonce: bigint): void {
    if (nextNonce === this.#nextNonce) return;
    this.#nextNonce = nextNonce;
    this.#executableCount = 0;
    this.#extend();
  }

  entries(): readonly PoolEntry[] {
    return [...this.#entries.values()];
  }

  /** The entry with the highest nonce, of those that are meant: the one whose loss leaves no gap. */
  last(isMeant: (entry: PoolEntry) => boolean = () => true): PoolEntry | undefined {
    let last: PoolEntry | undefined;
    for (const entry of this.#entries.values()) {
      if ((last === undefined || entry.transaction.nonce > last.transaction.nonce) && isMeant(entry)) last = entry;
    }
    return last;
  }

  /** Executable entries that were not reported before. */
  takeUnreported(): readonly PoolEntry[] {
    const unreported: PoolEntry[] = [];
    let nonce = maxBigint(this.#reportedNonce, this.#nextNonce);
    for (let entry = this.executable(nonce); entry !== undefined; entry = this.executable(nonce)) {
      unreported.push(entry);
      nonce += 1n;
    }
    this.#reportedNonce = nonce;
    return unreported;
  }

  #extend(): void {
    while (this.#entries.has(this.openNonce)) this.#executableCount++;
  }
}
