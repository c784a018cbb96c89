import { MIN_BASE_FEE_WEI } from "@festina/fastchain";
import { type Address, type Clock, fail, type Hash32, minBigint, ok, type Result } from "@festina/primitives";
import type { BlockRecord, RpcBackend } from "@festina/rpc";
import { outcomeOfSend } from "./failedSend.ts";

/** An answer does not wait longer than this for a block; the transaction still does. */
const PATIENCE_MS = 10_000;

/**
 * Answers a send when the block with the transaction can be read, so that whoever asks for the receipt next gets it.
 * Transactions that wait for others of their sender are answered at once; what offers less than the base fee is refused.
 */
export class Inclusion {
  readonly #clock: Clock;
  readonly #tellsFailures: boolean;
  readonly #waiting = new Map<Hash32, () => void>();

  /** `tellsFailures`: whether a send whose transaction fails in its block is answered with why, not with its hash. */
  constructor(clock: Clock, tellsFailures: boolean) {
    this.#clock = clock;
    this.#tellsFailures = tellsFailures;
  }

  /** `isAutomatic`: whether a block is made for it. `drop` takes it out of the pool again. */
  async submit(
    { pool, chain, tracing }: Pick<RpcBackend, "pool" | "chain" | "tracing">,
    { isAutomatic, drop }: { readonly isAutomatic: boolean; readonly drop: (hash: Hash32) => void },
    encoded: Uint8Array,
    signedBy?: Address,
  ): Promise<Result<Hash32>> {
    const submitted = await pool.submit(encoded, signedBy);
    if (!submitted.ok) return submitted;
    const hash = submitted.value;
    const transaction = pool.byHash(hash);
    if (transaction === undefined || chain.transactionLocation(hash) !== undefined) return submitted;
    const { sender, nonce, maxFeePerGasWei } = transaction;
    if (pool.nextNonce(sender) <= nonce) return submitted;
    const nextBaseFeeWei = chain.nextBaseFeeWei();
    if (maxFeePerGasWei < (isAutomatic ? nextBaseFeeWei : minBigint(nextBaseFeeWei, MIN_BASE_FEE_WEI))) {
      // It would wait for as long as nobody mines, or for ever, and with it all that its sender sends.
      drop(hash);
      const fees = `${maxFeePerGasWei} of ${nextBaseFeeWei} wei`;
      return fail("TX_FEE_BELOW_BASE_FEE", `the transaction offers ${fees} for the next block`);
    }
    if (!isAutomatic) return submitted;
    await this.#wait(hash);
    const code = chain.transactionLocation(hash) === undefined ? pool.leftOut?.(hash) : undefined;
    if (code !== undefined) return fail(code, "the block was made without the transaction, which waits no more");
    return this.#tellsFailures ? outcomeOfSend({ chain, tracing }, hash) : ok(hash);
  }

  #wait(hash: Hash32): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#waiting.delete(hash);
        resolve();
      };
      const timer = this.#clock.setTimer(PATIENCE_MS, end);
      this.#waiting.set(hash, end);
    });
  }

  /** After each block: what is in it, and what the pool has given up. */
  onBlock({ block }: BlockRecord, pool: RpcBackend["pool"]): void {
    for (const { hash } of block.transactions) this.#waiting.get(hash)?.();
    for (const [hash, end] of this.#waiting) if (pool.byHash(hash) === undefined) end();
  }

  /** There are no blocks to wait for any more. */
  endAll(): void {
    for (const end of [...this.#waiting.values()]) end();
  }
}
