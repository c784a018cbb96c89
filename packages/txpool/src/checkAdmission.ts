import { fail, ok, type Result } from "@festina/primitives";
import type { RecoveredTransaction } from "@festina/types";
import { type Commitments, payerOf } from "./commitments.ts";
import { gasCostWei, type PoolEntry, senderCostWei, type TransactionOrigin } from "./poolEntry.ts";
import type { PoolFailureCode } from "./poolFailure.ts";
import type { PoolLimits } from "./poolLimits.ts";
import type { AccountReader, FormCheck } from "./ports.ts";
import type { SenderQueue } from "./senderQueue.ts";

type Verdict = Result<null, PoolFailureCode>;

const FINE: Verdict = ok(null);
/** A replacement must offer at least this much of both fees, in percent of what it replaces, and more in any case. */
const REPLACEMENT_PERCENT = 110n;

export interface AdmissionTerms {
  readonly chainId: bigint;
  readonly takesUnprotected: boolean;
  readonly blockGasLimit: bigint;
  readonly checkForm: FormCheck;
  readonly limits: PoolLimits;
}

/** What depends on the transaction alone and on the newest block's time. */
export function checkTransaction(
  transaction: RecoveredTransaction,
  origin: TransactionOrigin,
  terms: AdmissionTerms,
  timestampSeconds: number,
): Verdict {
  const { chainId, gasLimit, sponsorship } = transaction;
  if (chainId === null && !terms.takesUnprotected)
    return fail("POOL_UNPROTECTED", "the transaction names no chain (EIP-155)");
  if (chainId !== null && chainId !== terms.chainId) {
    return fail("POOL_CHAIN_ID", `the transaction is for chain ${chainId}, this is ${terms.chainId}`);
  }
  if (gasLimit > terms.blockGasLimit) {
    return fail("POOL_GAS_ABOVE_BLOCK", `gas limit ${gasLimit} is above the block's ${terms.blockGasLimit}`);
  }
  if (sponsorship !== null && sponsorship.validUntilSeconds < BigInt(timestampSeconds)) {
    return fail("POOL_EXPIRED", `valid until ${sponsorship.validUntilSeconds}, now is ${timestampSeconds}`);
  }
  if (origin === "peer" && transaction.maxPriorityFeePerGasWei < terms.limits.tipPerGasWeiMin) {
    return fail("POOL_UNDERPRICED", `the tip is below ${terms.limits.tipPerGasWeiMin} wei per gas`);
  }
  return terms.checkForm(transaction);
}

/** What depends on the sender's other transactions. `replaced` has the same nonce. */
export function checkQueue(
  transaction: RecoveredTransaction,
  queue: SenderQueue,
  replaced: PoolEntry | undefined,
  limits: PoolLimits,
  reader: AccountReader,
): Verdict {
  const { nonce, sender } = transaction;
  const next = queue.accountNonce;
  if (nonce < next) return fail("POOL_NONCE_TOO_LOW", `nonce ${nonce} is used, next is ${next}`);
  if (replaced !== undefined) return checkReplacement(transaction, replaced.transaction);
  if (queue.size >= limits.perSenderMax) {
    return fail("POOL_SENDER_FULL", `the sender has ${queue.size} transactions waiting`);
  }
  if (nonce >= next + BigInt(limits.perSenderMax)) {
    return fail("POOL_NONCE_TOO_HIGH", `nonce ${nonce} is more than ${limits.perSenderMax} ahead of ${next}`);
  }
  if (queue.size >= limits.perDelegatedMax && reader.hasCode(sender)) {
    return fail("POOL_DELEGATED_FULL", `a delegated account may have ${limits.perDelegatedMax} waiting`);
  }
  return FINE;
}

function checkReplacement(transaction: RecoveredTransaction, replaced: RecoveredTransaction): Verdict {
  const outbids = (offer: bigint, old: bigint): boolean => offer > old && offer * 100n >= old * REPLACEMENT_PERCENT;
  const both =
    outbids(transaction.maxFeePerGasWei, replaced.maxFeePerGasWei) &&
    outbids(transaction.maxPriorityFeePerGasWei, replaced.maxPriorityFeePerGasWei);
  return both ? FINE : fail("POOL_REPLACEMENT_UNDERPRICED", "a replacement must raise both fees by 10 %");
}

/** What depends on balances and on everything that waits at their cost. */
export function checkFunds(
  transaction: RecoveredTransaction,
  replaced: PoolEntry | undefined,
  commitments: Commitments,
  limits: PoolLimits,
  reader: AccountReader,
): Verdict {
  const { sender } = transaction;
  const freed = replaced === undefined ? 0n : senderCostWei(replaced.transaction);
  const owedWei = commitments.owedWei(sender) - freed + senderCostWei(transaction);
  const balanceWei = reader.balanceWei(sender);
  if (balanceWei < owedWei) {
    return fail("POOL_INSUFFICIENT_BALANCE", `the sender has ${balanceWei} of ${owedWei} wei, waiting ones included`);
  }
  const payer = payerOf({ transaction });
  if (payer === null) return FINE;
  const replacesOwn = replaced !== undefined && payerOf(replaced) === payer;
  const waiting = commitments.paidFor(payer).size - (replacesOwn ? 1 : 0);
  if (waiting >= limits.perPayerMax) return fail("POOL_PAYER_FULL", `the payer has ${waiting} transactions waiting`);
  const payerFreed = replacesOwn ? gasCostWei(replaced.transaction) : 0n;
  const payerOwedWei = commitments.owedWei(payer) - payerFreed + gasCostWei(transaction);
  const payerBalanceWei = reader.balanceWei(payer);
  if (payerBalanceWei < payerOwedWei) {
    return fail(
      "POOL_PAYER_INSUFFICIENT_BALANCE",
      `the payer has ${payerBalanceWei} of ${payerOwedWei} wei, waiting ones included`,
    );
  }
  return FINE;
}
