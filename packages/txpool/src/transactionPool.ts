import { type Address, assert, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import { type AdmissionTerms, checkFunds, checkQueue, checkTransaction } from "./checkAdmission.ts";
import { Commitments } from "./commitments.ts";
import { EvictionOrder } from "./evictionOrder.ts";
import { orderByFee } from "./orderByFee.ts";
import { PendingTransactions } from "./pendingTransactions.ts";
import type { PoolEntry, TransactionOrigin } from "./poolEntry.ts";
import type { PoolFailureCode } from "./poolFailure.ts";
import { DEFAULT_POOL_LIMITS, type PoolLimits } from "./poolLimits.ts";
import type { AccountReader, FormCheck, TransactionOrdering } from "./ports.ts";
import { SenderQueue } from "./senderQueue.ts";

export interface TransactionPoolOptions {
  readonly chainId: bigint;
  readonly blockGasLimit: bigint;
  readonly checkForm: FormCheck;
  /** The newest state; each block brings the next. */
  readonly reader: AccountReader;
  /** Unix seconds of the newest block. */
  readonly timestampSeconds: number;
  readonly limits?: Partial<PoolLimits>;
  readonly ordering?: TransactionOrdering;
}

/** A block that the chain has adopted. */
export interface PooledBlock {
  readonly included: readonly Pick<RecoveredTransaction, "hash" | "sender" | "sponsorship">[];
  readonly timestampSeconds: number;
  readonly nowMs: number;
  /** The state after the block. */
  readonly reader: AccountReader;
}

export type DropReason = "mined" | "stale" | "replaced" | "evicted" | "expired" | "underfunded" | "refused";

/** What became of waiting transactions; the caller announces, forgets, notifies. */
export interface PoolChange {
  /** Newly executable, in nonce order of each sender. */
  readonly executable: readonly RecoveredTransaction[];
  readonly dropped: readonly { readonly transaction: RecoveredTransaction; readonly reason: DropReason }[];
}

/** Accounts beyond those a block names that each block checks, so that every change is seen in the end. */
const SWEEP_ACCOUNTS = 256;

/** Transactions that wait to be in a block. Synchronous; knows the chain only by what it is told. */
export class TransactionPool {
  readonly #terms: AdmissionTerms;
  readonly #ordering: TransactionOrdering;
  #reader: AccountReader;
  #timestampSeconds: number;
  #sequence = 0;
  #executableCount = 0;
  #sweep: Iterator<Address> | null = null;
  /** In order of arrival. */
  readonly #entries = new Map<Hash32, PoolEntry>();
  readonly #queues = new Map<Address, SenderQueue>();
  readonly #commitments = new Commitments();
  readonly #sponsored = new Set<PoolEntry>();
  readonly #evictionOrder = new EvictionOrder((entry) => this.#entries.get(entry.transaction.hash) === entry);
  #dropped: { transaction: RecoveredTransaction; reason: DropReason }[] = [];

  constructor(options: TransactionPoolOptions) {
    const { chainId, blockGasLimit, checkForm } = options;
    this.#terms = { chainId, blockGasLimit, checkForm, limits: { ...DEFAULT_POOL_LIMITS, ...options.limits } };
    this.#ordering = options.ordering ?? orderByFee;
    this.#reader = options.reader;
    this.#timestampSeconds = options.timestampSeconds;
  }

  get size(): number {
    return this.#entries.size;
  }

  get executableCount(): number {
    return this.#executableCount;
  }

  get(hash: Hash32): RecoveredTransaction | undefined {
    return this.#entries.get(hash)?.transaction;
  }

  /** Everything that waits, in order of arrival. */
  content(): readonly RecoveredTransaction[] {
    return [...this.#entries.values()].map(({ transaction }) => transaction);
  }

  /** The nonce after all executable transactions of the account. */
  nextNonce(address: Address): bigint {
    return this.#queues.get(address)?.openNonce ?? this.#reader.nonce(address);
  }

  pending(baseFeePerGasWei: bigint): PendingTransactions {
    return new PendingTransactions(this.#queues, this.#ordering, baseFeePerGasWei);
  }

  /** Whether a block at this base fee would have anything in it. */
  hasEligible(baseFeePerGasWei: bigint): boolean {
    if (this.#executableCount === 0) return false;
    for (const queue of this.#queues.values()) {
      const head = queue.executable(queue.accountNonce);
      if (head !== undefined && head.transaction.maxFeePerGasWei >= baseFeePerGasWei) return true;
    }
    return false;
  }

  /** A refused transaction changes nothing. */
  add(
    transaction: RecoveredTransaction,
    origin: TransactionOrigin,
    nowMs: number,
  ): Result<PoolChange, PoolFailureCode> {
    const { hash, sender, nonce } = transaction;
    if (this.#entries.has(hash)) return fail("POOL_KNOWN", "the transaction waits here already");
    const checked = checkTransaction(transaction, origin, this.#terms, this.#timestampSeconds);
    if (!checked.ok) return checked;
    const { limits } = this.#terms;
    const queue = this.#queues.get(sender) ?? new SenderQueue(this.#reader.nonce(sender));
    const replaced = queue.get(nonce);
    const fits = checkQueue(transaction, queue, replaced, limits, this.#reader);
    if (!fits.ok) return fits;
    const funded = checkFunds(transaction, replaced, this.#commitments, limits, this.#reader);
    if (!funded.ok) return funded;
    const entry = { transaction, origin, arrivalMs: nowMs, sequence: this.#sequence };
    if (replaced !== undefined) return ok(this.#replace(replaced, entry, queue));
    const room = this.#makeRoom(transaction, queue);
    if (!room.ok) return room;
    this.#queues.set(sender, queue);
    this.#track(queue, () => queue.set(entry));
    this.#remember(entry);
    return ok(this.#takeChange([sender]));
  }

  /** For a transaction that a block's maker found not to be valid after all. */
  refuse(hash: Hash32): PoolChange {
    const entry = this.#entries.get(hash);
    if (entry !== undefined) this.#drop(entry, "refused");
    return this.#takeChange([]);
  }

  /** Forgets what the block included and what can no longer be included. */
  onBlock(block: PooledBlock): PoolChange {
    this.#reader = block.reader;
    this.#timestampSeconds = block.timestampSeconds;
    const accounts = new Set<Address>();
    for (const { sender, sponsorship } of block.included) {
      accounts.add(sender);
      if (sponsorship !== null) accounts.add(sponsorship.payer);
    }
    this.#addSweep(accounts);
    for (const account of accounts) this.#advance(account);
    for (const { hash } of block.included) {
      const entry = this.#entries.get(hash);
      if (entry !== undefined) this.#drop(entry, "mined");
    }
    for (const account of accounts) this.#refresh(account);
    this.#expire(block.nowMs);
    return this.#takeChange(accounts);
  }

  #replace(replaced: PoolEntry, entry: PoolEntry, queue: SenderQueue): PoolChange {
    queue.replace(entry);
    this.#forget(replaced, "replaced");
    this.#remember(entry);
    const { transaction } = entry;
    const isExecutable = queue.executable(transaction.nonce) === entry;
    return { ...this.#takeChange([]), executable: isExecutable ? [transaction] : [] };
  }

  #remember(entry: PoolEntry): void {
    this.#sequence++;
    this.#entries.set(entry.transaction.hash, entry);
    this.#commitments.add(entry);
    if (entry.transaction.sponsorship !== null) this.#sponsored.add(entry);
    if (entry.origin === "peer") this.#evictionOrder.add(entry, this.#entries.size);
  }

  #forget(entry: PoolEntry, reason: DropReason): void {
    this.#entries.delete(entry.transaction.hash);
    this.#commitments.remove(entry);
    this.#sponsored.delete(entry);
    this.#dropped.push({ transaction: entry.transaction, reason });
  }

  #drop(entry: PoolEntry, reason: DropReason): void {
    const { sender, nonce } = entry.transaction;
    const queue = this.#queues.get(sender);
    assert(queue?.get(nonce) === entry, "what waits is in its sender's queue");
    this.#track(queue, () => queue.delete(nonce));
    if (queue.size === 0) this.#queues.delete(sender);
    this.#forget(entry, reason);
  }

  #track(queue: SenderQueue, change: () => void): void {
    const before = queue.executableCount;
    change();
    this.#executableCount += queue.executableCount - before;
  }

  /** When full, the least worth leaves, but only for something worth more that can run at once. */
  #makeRoom(transaction: RecoveredTransaction, queue: SenderQueue): Result<null, PoolFailureCode> {
    const { limits } = this.#terms;
    const isGapped = transaction.nonce !== queue.openNonce;
    if (isGapped && this.#entries.size - this.#executableCount >= limits.gappedMax) {
      return fail("POOL_FULL", "too many transactions wait behind a nonce gap");
    }
    if (this.#entries.size < limits.transactionsMax) return ok(null);
    const worst = this.#evictionOrder.worst();
    const full = fail("POOL_FULL", `${this.#entries.size} transactions wait, none of them worth less`);
    if (isGapped || worst === undefined || worst.transaction.sender === transaction.sender) return full;
    if (worst.transaction.maxPriorityFeePerGasWei >= transaction.maxPriorityFeePerGasWei) return full;
    // The sender's last one goes instead of a middle one: it is worth no more than what it waits for.
    const last = this.#queues.get(worst.transaction.sender)?.last();
    this.#drop(last?.origin === "peer" ? last : worst, "evicted");
    return ok(null);
  }

  /** Before anything is dropped, so that what follows the new nonce stays executable throughout. */
  #advance(account: Address): void {
    const queue = this.#queues.get(account);
    if (queue !== undefined) this.#track(queue, () => queue.moveTo(this.#reader.nonce(account)));
  }

  #refresh(account: Address): void {
    const queue = this.#queues.get(account);
    for (const entry of queue?.entries() ?? []) {
      if (entry.transaction.nonce < this.#reader.nonce(account)) this.#drop(entry, "stale");
    }
    if (this.#commitments.owedWei(account) > this.#reader.balanceWei(account)) this.#cutToBalance(account);
  }

  /** Gives up what the account can no longer afford: the latest of those it pays for, then its own highest nonces. */
  #cutToBalance(account: Address): void {
    const balanceWei = this.#reader.balanceWei(account);
    for (const entry of [...this.#commitments.paidFor(account)].reverse()) {
      if (this.#commitments.owedWei(account) <= balanceWei) return;
      this.#drop(entry, "underfunded");
    }
    while (this.#commitments.owedWei(account) > balanceWei) {
      const last = this.#queues.get(account)?.last();
      if (last === undefined) return;
      this.#drop(last, "underfunded");
    }
  }

  #expire(nowMs: number): void {
    const timestampSeconds = BigInt(this.#timestampSeconds);
    for (const entry of this.#sponsored) {
      const until = entry.transaction.sponsorship?.validUntilSeconds ?? timestampSeconds;
      if (until < timestampSeconds) this.#drop(entry, "expired");
    }
    for (const entry of this.#entries.values()) {
      if (nowMs - entry.arrivalMs < this.#terms.limits.lifetimeMs) break;
      if (entry.origin === "peer") this.#drop(entry, "expired");
    }
  }

  #addSweep(accounts: Set<Address>): void {
    for (let i = 0; i < SWEEP_ACCOUNTS; i++) {
      this.#sweep ??= this.#queues.keys();
      const step = this.#sweep.next();
      if (step.done) {
        this.#sweep = null;
        return;
      }
      accounts.add(step.value);
    }
  }

  #takeChange(senders: Iterable<Address>): PoolChange {
    const executable: RecoveredTransaction[] = [];
    for (const sender of senders) {
      for (const { transaction } of this.#queues.get(sender)?.takeUnreported() ?? []) executable.push(transaction);
    }
    const dropped = this.#dropped;
    this.#dropped = [];
    return { executable, dropped };
  }
}
