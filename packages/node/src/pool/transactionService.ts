import type { ChainSpec } from "@festina/chainspec";
import type { RecoverPublicKey } from "@festina/crypto";
import type { HybridState } from "@festina/fastchain";
import { isUnanchored, type TransactionSource } from "@festina/fastchain";
import { type Address, type Hash32, LruMap, ok, type Result } from "@festina/primitives";
import type { StateStore } from "@festina/state";
import { type AccountReader, type PoolLimits, TransactionPool } from "@festina/txpool";
import { decodeTransaction, type RecoveredTransaction, type Transaction } from "@festina/types";
import { bytesOfTransaction } from "../chain/heldBytes.ts";
import type { PendingBlocks } from "../chain/pendingBlocks.ts";
import { poolRules } from "./poolRules.ts";
import { senderRecovery } from "./senderRecovery.ts";

export interface TransactionServiceOptions {
  readonly spec: ChainSpec;
  readonly states: StateStore;
  readonly recoverPublicKey: RecoverPublicKey;
  readonly head: () => HybridState;
  readonly pending: () => PendingBlocks;
  readonly nowMs: () => number;
  /** The pool's own where absent. */
  readonly limits: Partial<PoolLimits>;
  /** A transaction that was not known before; `from` is empty for our own. */
  readonly onAdmitted: (transaction: RecoveredTransaction, from: string) => void;
}

const RECOVERED_MAX = 20_000;
/** Transactions of that size or less; of larger ones there are fewer. */
const RECOVERED_BYTES_MAX = RECOVERED_MAX * 2_048;
const LEFT_OUT_MAX = 1_000;

function readerAt(states: StateStore, root: Hash32): AccountReader {
  const view = states.open(root);
  return {
    nonce: (address) => view.getAccount(address)?.nonce ?? 0n,
    balanceWei: (address) => view.getAccount(address)?.balanceWei ?? 0n,
    hasCode: (address) => view.getCode(address).length > 0,
  };
}

/** The pool with its doors: decoding and signatures in front, the proposer behind. */
export class TransactionService {
  readonly pool: TransactionPool;
  readonly #options: TransactionServiceOptions;
  readonly #recover: ReturnType<typeof senderRecovery>;
  /** Signatures are verified once per transaction: blocks find here what came through the pool. */
  readonly #recovered = new LruMap<Hash32, RecoveredTransaction>(RECOVERED_BYTES_MAX, (transaction) =>
    Math.max(RECOVERED_BYTES_MAX / RECOVERED_MAX, bytesOfTransaction(transaction)),
  );
  readonly #leftOut = new LruMap<Hash32, string>(LEFT_OUT_MAX);

  constructor(options: TransactionServiceOptions) {
    this.#options = options;
    const { spec, states } = options;
    this.#recover = senderRecovery(spec, options.recoverPublicKey);
    const head = options.head();
    this.pool = new TransactionPool({
      ...poolRules(spec),
      blockGasLimit: head.header.gasLimit,
      reader: readerAt(states, head.header.stateRoot),
      timestampSeconds: head.header.timestamp,
      limits: options.limits,
    });
  }

  recover(transaction: Transaction): Result<RecoveredTransaction> {
    const known = this.#recovered.get(transaction.hash);
    if (known !== undefined) return ok(known);
    const recovered = this.#recover(transaction);
    if (recovered.ok) this.#recovered.set(transaction.hash, recovered.value);
    return recovered;
  }

  /** One that waits, or whose signatures were verified not long ago. */
  known(hash: Hash32): RecoveredTransaction | undefined {
    return this.pool.get(hash) ?? this.#recovered.get(hash);
  }

  /** By which code a block that was made here was made without the transaction, which then waited no more. */
  leftOut(hash: Hash32): string | undefined {
    return this.#leftOut.get(hash);
  }

  /**
   * From a user (`from` empty) or a peer. Answers with the hash, also when a peer's was known already. `signedBy`: the
   * sender, where the signature was made here.
   */
  submit(encoded: Uint8Array, from: string, signedBy?: Address): Result<Hash32> {
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) return decoded;
    if (from !== "" && this.pool.get(decoded.value.hash) !== undefined) return ok(decoded.value.hash);
    const isKnown = signedBy !== undefined && decoded.value.sponsorship === null;
    const recovered = isKnown ? ok({ ...decoded.value, sender: signedBy }) : this.recover(decoded.value);
    if (!recovered.ok) return recovered;
    if (isKnown) this.#recovered.set(recovered.value.hash, recovered.value);
    const admitted = this.pool.add(recovered.value, from === "" ? "local" : "peer", this.#options.nowMs());
    if (!admitted.ok) return admitted;
    this.#options.onAdmitted(recovered.value, from);
    return ok(recovered.value.hash);
  }

  onCommitted(
    state: HybridState,
    included: readonly {
      readonly hash: Hash32;
      readonly sender: Address;
      readonly sponsorship: Transaction["sponsorship"];
    }[],
  ): void {
    this.pool.onBlock({
      included,
      blockGasLimit: state.header.gasLimit,
      timestampSeconds: state.header.timestamp,
      nowMs: this.#options.nowMs(),
      reader: readerAt(this.#options.states, state.header.stateRoot),
    });
  }

  /** Hashes of what waits here, as many as asked for. */
  waiting(count: number): readonly Hash32[] {
    return this.pool
      .content()
      .slice(0, count)
      .map(({ hash }) => hash);
  }

  /** Hashes that are in blocks between the head and `tip`: executed, but not final yet. */
  #underWay(tip: HybridState): ReadonlySet<Hash32> {
    const branch = this.#options.pending().branch(tip.hash);
    return new Set(branch.flatMap(({ block }) => block.transactions.map(({ hash }) => hash)));
  }

  /** Whether a block on `tip` would have a transaction in it. */
  hasWork(tip: HybridState, baseFeeWei: bigint): boolean {
    if (this.pool.executableCount === 0 || isUnanchored(tip, this.#options.nowMs(), this.#options.spec.preset))
      return false;
    const underWay = this.#underWay(tip);
    for (const { hash } of this.pool.pending(baseFeeWei)) if (!underWay.has(hash)) return true;
    return false;
  }

  /** What a proposer takes for a block on `tip`. */
  source(tip: HybridState, baseFeeWei: bigint): TransactionSource {
    const underWay = this.#underWay(tip);
    const pending = this.pool.pending(baseFeeWei);
    return {
      next: () => {
        let next = pending.next();
        while (next !== null && underWay.has(next.hash)) next = pending.next();
        return next ?? undefined;
      },
      refuse: (transaction, code) => {
        pending.skipSender();
        // Full blocks and nonces that an uncommitted block has moved are no fault of the transaction.
        if (code === "BLOCK_FULL" || code.startsWith("TX_NONCE") || underWay.size > 0) return;
        this.#leftOut.set(transaction.hash, code);
        this.pool.refuse(transaction.hash);
      },
    };
  }
}
