import type { RecoverPublicKey } from "@festina/crypto";
import { type Address, assert, maxBigint, minBigint, ok, type Result } from "@festina/primitives";
import type { RecoveredTransaction, TransactionType } from "@festina/types";
import { creditBalance, debitBalance, readAccount } from "./account.ts";
import { removeDeadAccounts } from "./accountCleanup.ts";
import { applyAuthorizations } from "./authorizations.ts";
import type { BlockContext } from "./blockContext.ts";
import { computeContractAddress } from "./contractAddress.ts";
import { describeEffect, type ExecutionEffect } from "./describeEffect.ts";
import type { Engine, EngineCall, EngineOutcome } from "./engine.ts";
import { computeFloorGas, computeIntrinsicGas } from "./intrinsicGas.ts";
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
 * not stand here is refused with a code and changes nothing.
 *
 * @throws EngineFaultError when the engine itself failed; the state is then as before
 */
export async function executeTransaction(
  input: TransactionExecution,
): Promise<Result<TransactionOutcome, TransactionFailureCode>> {
  const { transaction, view, block, checks = "all" } = input;
  const gasAvailable = input.gasAvailable ?? block.gasLimit;
  const validity = validateTransaction(transaction, view, block, gasAvailable, checks);
  if (!validity.ok) return validity;
  view.checkpoint();
  try {
    const outcome = await apply(input);
    view.commit();
    return ok(outcome);
  } catch (error) {
    view.revert();
    throw error;
  }
}

async function apply(input: TransactionExecution): Promise<TransactionOutcome> {
  const { transaction, view, block, engine } = input;
  const priceWei = effectiveGasPriceWei(transaction, block.baseFeePerGasWei);
  const buyer = transaction.sponsorship?.payer ?? transaction.sender;
  const feeWei = transaction.sponsorship?.feeWei ?? 0n;
  const paid =
    debitBalance(view, buyer, transaction.gasLimit * priceWei) && debitBalance(view, transaction.sender, feeWei);
  assert(paid, "a validated transaction covers gas and fee");
  const sender = readAccount(view, transaction.sender);
  view.putAccount(transaction.sender, { ...sender, nonce: sender.nonce + 1n });
  const authorized = applyAuthorizations(view, block.chainId, transaction.authorizations, input.recoverPublicKey);

  const call = buildCall(transaction, block, priceWei, authorized.warm);
  const outcome = await runEngine(engine, call, view, block);

  const gasUsedMax = transaction.gasLimit - (outcome.kind === "halt" ? 0n : outcome.gasLeft);
  const refundGas = authorized.refundGas + (outcome.kind === "success" ? outcome.gasRefund : 0n);
  const gasUsed = settleGas(gasUsedMax, refundGas, computeFloorGas(transaction.data));
  // Only an unchecked transaction's price can be below.
  const baseFeeWei = gasUsed * minBigint(block.baseFeePerGasWei, priceWei);
  const potWei = gasUsed * priceWei - baseFeeWei + feeWei;
  creditBalance(view, buyer, (transaction.gasLimit - gasUsed) * priceWei);
  creditBalance(view, input.feePot, potWei);
  const selfDestructWei = cleanUp(input, outcome);
  return {
    type: transaction.type,
    gasUsed,
    gasUsedMax: maxBigint(gasUsedMax, gasUsed),
    effectiveGasPriceWei: priceWei,
    createdAddress: transaction.to === null ? computeContractAddress(transaction.sender, sender.nonce) : null,
    burned: { baseFeeWei, selfDestructWei },
    potWei,
    ...describeEffect(outcome),
  };
}

function buildCall(
  transaction: RecoveredTransaction,
  block: BlockContext,
  gasPriceWei: bigint,
  authorities: readonly Address[],
): EngineCall {
  const { sender, to, accessList } = transaction;
  const recipient = to === null ? [] : [to];
  return {
    caller: sender,
    origin: sender,
    to,
    valueWei: transaction.valueWei,
    data: transaction.data,
    gasLimit: transaction.gasLimit - computeIntrinsicGas(transaction),
    gasPriceWei,
    isStatic: false,
    warmAddresses: [sender, ...recipient, block.coinbase, ...authorities],
    accessList,
  };
}

/** Returns the wei destroyed by self-destruction, while the code ran and now. */
function cleanUp(input: TransactionExecution, outcome: EngineOutcome): bigint {
  const { transaction, view, feePot } = input;
  const payer = transaction.sponsorship === null ? [] : [transaction.sponsorship.payer];
  const paying = [transaction.sender, ...payer, feePot];
  if (outcome.kind !== "success") return removeDeadAccounts(view, [], paying);
  return outcome.burnedWei + removeDeadAccounts(view, outcome.selfDestructed, new Set([...paying, ...outcome.touched]));
}
