import type { RecoverPublicKey } from "@festina/crypto";
import { type Address, assert, maxBigint, minBigint, ok, type Result } from "@festina/primitives";
import type { RecoveredTransaction, TransactionType } from "@festina/types";
import { creditBalance, debitBalance, readAccount } from "./account.ts";
import { removeDestructed, removeIfEmpty } from "./accountCleanup.ts";
import { type AuthorizationEffect, applyAuthorizations } from "./authorizations.ts";
import type { BlockContext } from "./blockContext.ts";
import { computeContractAddress } from "./contractAddress.ts";
import { describeEffect, type ExecutionEffect } from "./describeEffect.ts";
import type { Engine, EngineCall, EngineOutcome } from "./engine.ts";
import { computeTransactionGas, type TransactionGas } from "./intrinsicGas.ts";
import { isLate, type MaybeLate } from "./late.ts";
import type { StateView } from "./ports.ts";
import { runEngine } from "./runEngine.ts";
import { settleGas } from "./settleGas.ts";
import {
  effectiveGasPriceWei,
  type TransactionChecks,
  type TransactionFailureCode,
  validateTransaction,
} from "./validateTransaction.ts";

export interface TransactionExecution {
  readonly transaction: RecoveredTransaction;
  readonly view: StateView;
  readonly block: BlockContext;
  readonly engine: Engine;
  /** For the authorities of set-code transactions. */
  readonly recoverPublicKey: RecoverPublicKey;
  /** Receives priority fees and the fees of sponsored transactions. */
  readonly feePot: Address;
  /** What earlier transactions left of the block's gas limit; all of it when absent. */
  readonly gasAvailable?: bigint;
  /** What must hold before it runs; everything that blocks ask for when absent. */
  readonly checks?: TransactionChecks;
}

export interface TransactionOutcome extends ExecutionEffect {
  readonly type: TransactionType;
  readonly gasUsed: bigint;
  /** Before refunds. */
  readonly gasUsedMax: bigint;
  /** Where a creation would put its contract, whether or not it succeeded; `null` for a call. */
  readonly createdAddress: Address | null;
  readonly effectiveGasPriceWei: bigint;
  /** Wei that ceased to exist: genesis + rewards - these = sum of all balances. */
  readonly burned: { readonly baseFeeWei: bigint; readonly selfDestructWei: bigint };
  /** Credited to the fee pot. */
  readonly potWei: bigint;
}

/**
 * Runs one transaction: buys everything up front, runs the code, gives back what was not used. A transaction that may
 * not stand here is refused with a code and changes nothing. Answers at once where the engine does.
 *
 * @throws EngineFaultError when the engine itself failed (or rejects with it); the state is then as before
 */
export function executeTransaction(
  input: TransactionExecution,
): MaybeLate<Result<TransactionOutcome, TransactionFailureCode>> {
  const { transaction, view, block, checks = "all" } = input;
  const gasAvailable = input.gasAvailable ?? block.gasLimit;
  const validity = validateTransaction(transaction, view, block, gasAvailable, checks);
  if (!validity.ok) return validity;
  view.checkpoint();
  try {
    const bought = buy(input);
    const answer = runEngine(input.engine, buildCall(input, bought), view, block);
    if (!isLate(answer)) return conclude(input, bought, answer);
    return answer
      .then((outcome) => conclude(input, bought, outcome))
      .catch((error) => {
        view.revert();
        throw error;
      });
  } catch (error) {
    view.revert();
    throw error;
  }
}

/** What is settled before the code runs. */
interface Bought {
  readonly priceWei: bigint;
  readonly feeWei: bigint;
  /** The sender's before. */
  readonly nonce: bigint;
  readonly authorized: AuthorizationEffect;
  readonly gas: TransactionGas;
}

/** Takes gas and fee off, raises the sender's nonce and sets delegations. */
function buy({ transaction, view, block, recoverPublicKey }: TransactionExecution): Bought {
  const { sender, sponsorship } = transaction;
  const priceWei = effectiveGasPriceWei(transaction, block.baseFeePerGasWei);
  const feeWei = sponsorship?.feeWei ?? 0n;
  const gasWei = transaction.gasLimit * priceWei;
  const buysOwnGas = sponsorship === null || sponsorship.payer === sender;
  const isPaidFor = buysOwnGas || debitBalance(view, sponsorship.payer, gasWei);
  const { nonce, balanceWei, codeHash } = readAccount(view, sender);
  const restWei = balanceWei - feeWei - (buysOwnGas ? gasWei : 0n);
  assert(isPaidFor && restWei >= 0n, "a validated transaction covers gas and fee");
  view.putAccount(sender, { nonce: nonce + 1n, balanceWei: restWei, codeHash });
  const authorized = applyAuthorizations(view, block.chainId, transaction.authorizations, recoverPublicKey);
  return { priceWei, feeWei, nonce, authorized, gas: computeTransactionGas(transaction) };
}

/** Gives back what was not used, and pays. */
function conclude(
  input: TransactionExecution,
  bought: Bought,
  outcome: EngineOutcome,
): Result<TransactionOutcome, never> {
  const { transaction, view, block } = input;
  const { priceWei, feeWei, nonce, authorized, gas } = bought;
  const buyer = transaction.sponsorship?.payer ?? transaction.sender;
  const gasUsedMax = transaction.gasLimit - (outcome.kind === "halt" ? 0n : outcome.gasLeft);
  const refundGas = authorized.refundGas + (outcome.kind === "success" ? outcome.gasRefund : 0n);
  const gasUsed = settleGas(gasUsedMax, refundGas, gas.floorGas);
  // Only an unchecked transaction's price can be below.
  const baseFeeWei = gasUsed * minBigint(block.baseFeePerGasWei, priceWei);
  const potWei = gasUsed * priceWei - baseFeeWei + feeWei;
  creditBalance(view, buyer, (transaction.gasLimit - gasUsed) * priceWei);
  creditBalance(view, input.feePot, potWei);
  const selfDestructWei = cleanUp(input, outcome);
  const concluded = {
    type: transaction.type,
    gasUsed,
    gasUsedMax: maxBigint(gasUsedMax, gasUsed),
    effectiveGasPriceWei: priceWei,
    createdAddress: transaction.to === null ? computeContractAddress(transaction.sender, nonce) : null,
    burned: { baseFeeWei, selfDestructWei },
    potWei,
    ...describeEffect(outcome),
  };
  view.commit();
  return ok(concluded);
}

function buildCall({ transaction, block }: TransactionExecution, { priceWei, authorized, gas }: Bought): EngineCall {
  const { sender, to, accessList } = transaction;
  const warmAddresses = to === null ? [sender, block.coinbase] : [sender, to, block.coinbase];
  return {
    caller: sender,
    origin: sender,
    to,
    valueWei: transaction.valueWei,
    data: transaction.data,
    gasLimit: transaction.gasLimit - gas.intrinsicGas,
    gasPriceWei: priceWei,
    isStatic: false,
    warmAddresses: authorized.warm.length === 0 ? warmAddresses : [...warmAddresses, ...authorized.warm],
    accessList,
  };
}

/** Returns the wei destroyed by self-destruction, while the code ran and now. */
function cleanUp(input: TransactionExecution, outcome: EngineOutcome): bigint {
  const { transaction, view, feePot } = input;
  const isSuccess = outcome.kind === "success";
  const burnedWei = isSuccess ? outcome.burnedWei + removeDestructed(view, outcome.selfDestructed) : 0n;
  removeIfEmpty(view, transaction.sender);
  if (transaction.sponsorship !== null) removeIfEmpty(view, transaction.sponsorship.payer);
  removeIfEmpty(view, feePot);
  if (isSuccess) for (const address of outcome.touched) removeIfEmpty(view, address);
  return burnedWei;
}
