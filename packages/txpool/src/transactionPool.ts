import { type Address, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import { type AdmissionTerms, checkFunds, checkQueue, checkTransaction } from "./checkAdmission.ts";
import { chooseLeaving } from "./chooseLeaving.ts";
import { orderByFee } from "./orderByFee.ts";
import { PendingTransactions } from "./pendingTransactions.ts";
import type { PoolEntry, TransactionOrigin } from "./poolEntry.ts";
import type { PoolFailureCode } from "./poolFailure.ts";
import { DEFAULT_POOL_LIMITS, type PoolLimits } from "./poolLimits.ts";
import { type PoolChange, PoolStore } from "./poolStore.ts";
import type { AccountReader, FormCheck, TransactionOrdering } from "./ports.ts";
import { SenderQueue } from "./senderQueue.ts";

export interface TransactionPoolOptions {
  readonly chainId: bigint;
  /** Of the newest block. */
  readonly blockGasLimit: bigint;
  /** Those that name no chain, so that they could be replayed on any; refused where absent. */
  readonly takesUnprotected?: boolean;
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
  readonly blockGasLimit: bigint;
  readonly included: readonly Pick<RecoveredTransaction, "hash" | "sender" | "sponsorship">[];
  readonly timestampSeconds: number;
  readonly nowMs: number;
  /** The state after the block. */
  readonly reader: AccountReader;
}

/** Accounts beyond those a block names that each block checks, so that every change is seen in the end. */
const SWEEP_ACCOUNTS = 256;

/** Transactions that wait to be in a block. Synchronous; knows the chain only by what it is told. */
export class TransactionPool {
  #terms: AdmissionTerms;
  readonly #ordering: TransactionOrdering;
  #reader: AccountReader;
  #timestampSeconds: number;
  #sequence = 0;
  #sweep: Iterator<Address> | null = null;
  readonly #store = new PoolStore();

  constructor(options: TransactionPoolOptions) {
    const { chainId, blockGasLimit, checkForm, takesUnprotected = false } = options;
    const limits = { ...DEFAULT_POOL_LIMITS, ...options.limits };
    this.#terms = { chainId, takesUnprotected, blockGasLimit, checkForm, limits };
    this.#ordering = options.ordering ?? orderByFee;
    this.#reader = options.reader;
    this.#timestampSeconds = options.timestampSeconds;
  }

  get size(): number {
    return this.#store.size;
  }

  get executableCount(): number {
    return this.#store.executableCount;
  }

  get(hash: Hash32): RecoveredTransaction | undefined {
    return this.#store.get(hash)?.transaction;
  }

  /** Everything that waits, in order of arrival. */
  content(): readonly RecoveredTransaction[] {
    return [...this.#store.entries()].map(({ transaction }) => transaction);
  }

  /** The nonce after all executable transactions of the account. */
  nextNonce(address: Address): bigint {
    return this.#store.queues.get(address)?.openNonce ?? this.#reader.nonce(address);
  }

  pending(baseFeePerGasWei: bigint): PendingTransactions {
    return new PendingTransactions(this.#store.queues, this.#ordering, baseFeePerGasWei);
  }

  /** Whether a block at this base fee would have anything in it. */
  hasEligible(baseFeePerGasWei: bigint): boolean {
    if (this.#store.executableCount === 0) return false;
    for (const queue of this.#store.queues.values()) {
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
    if (this.#store.get(hash) !== undefined) return fail("POOL_KNOWN", "the transaction waits here already");
    const checked = checkTransaction(transaction, origin, this.#terms, this.#timestampSeconds);
    if (!checked.ok) return checked;
    const { limits } = this.#terms;
    const queue = this.#store.queues.get(sender) ?? new SenderQueue(this.#reader.nonce(sender));
    const replaced = queue.get(nonce);
    const fits = checkQueue(transaction, queue, replaced, limits, this.#reader);
    if (!fits.ok) return fits;
    const funded = checkFunds(transaction, replaced, this.#store.commitments, limits, this.#reader);
    if (!funded.ok) return funded;
    const room = this.#makeRoom(transaction, queue, replaced);
    if (!room.ok) return room;
    const entry = { transaction, origin, arrivalMs: nowMs, sequence: this.#sequence++ };
    return ok(
      replaced === undefined ? this.#store.insert(entry, queue.accountNonce) : this.#store.replace(replaced, entry),
    );
  }

  /** For a transaction that a block's maker found not to be valid after all. */
  refuse(hash: Hash32): PoolChange {
    const entry = this.#store.get(hash);
    if (entry !== undefined) this.#store.drop(entry, "refused");
    return this.#store.takeChange([]);
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
    for (const account of accounts) this.#store.advance(account, this.#reader.nonce(account));
    for (const { hash } of block.included) {
      const entry = this.#store.get(hash);
      if (entry !== undefined) this.#store.drop(entry, "mined");
    }
    for (const account of accounts) this.#refresh(account);
    this.#limitGas(block.blockGasLimit);
    this.#expire(block.nowMs);
    return this.#store.takeChange(accounts);
  }

  /** What has room in no block any more goes. */
  #limitGas(blockGasLimit: bigint): void {
    const isLess = blockGasLimit < this.#terms.blockGasLimit;
    if (blockGasLimit !== this.#terms.blockGasLimit) this.#terms = { ...this.#terms, blockGasLimit };
    if (!isLess) return;
    for (const entry of [...this.#store.entries()])
      if (entry.transaction.gasLimit > blockGasLimit) this.#store.drop(entry, "refused");
  }

  /** When full, the least worth leaves, but only for something worth more that can run at once. */
  #makeRoom(
    newcomer: RecoveredTransaction,
    queue: SenderQueue,
    replaced: PoolEntry | undefined,
  ): Result<null, PoolFailureCode> {
    const { limits } = this.#terms;
    const { size, bytes, executableCount } = this.#store;
    const isGapped = newcomer.nonce > queue.openNonce;
    if (isGapped && replaced === undefined && size - executableCount >= limits.gappedMax) {
      return fail("POOL_FULL", "too many transactions wait behind a nonce gap");
    }
    const lack = {
      transactions: size + (replaced === undefined ? 1 : 0) - limits.transactionsMax,
      bytes: bytes + newcomer.encoded.length - (replaced?.transaction.encoded.length ?? 0) - limits.bytesMax,
    };
    if (lack.transactions <= 0 && lack.bytes <= 0) return ok(null);
    const leaving = isGapped ? null : chooseLeaving(newcomer, lack, this.#store);
    if (leaving === null)
      return fail("POOL_FULL", `${size} transactions of ${bytes} bytes wait, and too few of them are worth less`);
    for (const entry of leaving) this.#store.drop(entry, "evicted");
    return ok(null);
  }

  #refresh(account: Address): void {
    const queue = this.#store.queues.get(account);
    for (const entry of queue?.entries() ?? []) {
      if (entry.transaction.nonce < this.#reader.nonce(account)) this.#store.drop(entry, "stale");
    }
    if (this.#store.commitments.owedWei(account) > this.#reader.balanceWei(account)) this.#cutToBalance(account);
  }

  /** Gives up what the account can no longer afford: the latest of those it pays for, then its own highest nonces. */
  #cutToBalance(account: Address): void {
    const balanceWei = this.#reader.balanceWei(account);
    for (const entry of [...this.#store.commitments.paidFor(account)].reverse()) {
      if (this.#store.commitments.owedWei(account) <= balanceWei) return;
      this.#store.drop(entry, "underfunded");
    }
    while (this.#store.commitments.owedWei(account) > balanceWei) {
      const last = this.#store.queues.get(account)?.last();
      if (last === undefined) return;
      this.#store.drop(last, "underfunded");
    }
  }

  #expire(nowMs: number): void {
    const timestampSeconds = BigInt(this.#timestampSeconds);
    for (const entry of this.#store.sponsored()) {
      const until = entry.transaction.sponsorship?.validUntilSeconds ?? timestampSeconds;
      if (until < timestampSeconds) this.#store.drop(entry, "expired");
    }
    for (const entry of this.#store.entries()) {
      if (nowMs - entry.arrivalMs < this.#terms.limits.lifetimeMs) break;
      if (entry.origin === "peer") this.#store.drop(entry, "expired");
    }
  }

  #addSweep(accounts: Set<Address>): void {
    for (let i = 0; i < SWEEP_ACCOUNTS; i++) {
      this.#sweep ??= this.#store.queues.keys();
      const step = this.#sweep.next();
      if (step.done) {
        this.#sweep = null;
        return;
      }
      accounts.add(step.value);
    }
  }
}
