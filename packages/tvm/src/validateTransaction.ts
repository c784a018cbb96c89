import { type Address, fail, maxBigint, minBigint, ok, type Result } from "@festina/primitives";
import { impersonatedSender, type RecoveredTransaction, TRANSACTION_TYPE } from "@festina/types";
import { EMPTY_CODE_HASH, readAccount } from "./account.ts";
import { NONCE_MAX } from "./authorizations.ts";
import type { BlockContext } from "./blockContext.ts";
import { delegationTarget } from "./delegation.ts";
import { computeTransactionGas } from "./intrinsicGas.ts";
import type { StateView } from "./ports.ts";
import { OSAKA, type RuleSet, rulesOf } from "./ruleSet.ts";

/** Why a block must not contain a transaction at this place. */
export type TransactionFailureCode =
  /** Signed for another chain. */
  | "TX_CHAIN_ID"
  /** The gas limit is below what the transaction costs before it runs. */
  | "TX_INTRINSIC_GAS"
  /** The gas limit is below the calldata floor (EIP-7623). */
  | "TX_FLOOR_GAS"
  /** The gas limit is above 2^24 (EIP-7825). */
  | "TX_GAS_ABOVE_CAP"
  /** The gas limit is above what is left in the block. */
  | "TX_GAS_ABOVE_BLOCK"
  /** The init code is larger than 49,152 bytes (EIP-3860). */
  | "TX_INIT_CODE_TOO_LARGE"
  /** A set-code transaction without recipient or without authorizations. */
  | "TX_AUTHORIZATION_SHAPE"
  /** The priority fee is above the whole fee. */
  | "TX_PRIORITY_FEE_ABOVE_FEE"
  /** The fee is below the block's base fee. */
  | "TX_FEE_BELOW_BASE_FEE"
  /** The block is later than `validUntil`. */
  | "TX_EXPIRED"
  | "TX_NONCE_TOO_LOW"
  | "TX_NONCE_TOO_HIGH"
  /** The nonce cannot be raised any more. */
  | "TX_NONCE_MAX"
  /** A contract cannot be a sender (EIP-3607); a delegated account can. */
  | "TX_SENDER_HAS_CODE"
  | "TX_PAYER_HAS_CODE"
  /** The sender cannot cover value, its fee and, without a payer, the gas. */
  | "TX_INSUFFICIENT_BALANCE"
  /** The payer cannot cover the gas. */
  | "TX_PAYER_INSUFFICIENT_BALANCE";

/**
 * `all`: what blocks ask for. Simulations have no signatures, so that contracts may send and no gas limit is too high;
 * `accounts` asks for nonce and fees all the same, `funds` only that what is bought can be paid for.
 */
export type TransactionChecks = "all" | "accounts" | "funds";

export type TransactionValidity = Result<null, TransactionFailureCode>;

/** Gas is a number of 64 bits. */
const GAS_LIMIT_MAX = 2n ** 64n - 1n;
const VALID: TransactionValidity = ok(null);

/** The part that depends on chain and gas rules only: pools check it once, at the door. */
export function validateTransactionForm(
  transaction: RecoveredTransaction,
  chainId: bigint,
  rules: RuleSet = OSAKA,
): TransactionValidity {
  const { gasLimit } = transaction;
  // A legacy transaction from before EIP-155 names no chain. Blocks accept it; pool and RPC do not.
  if (transaction.chainId !== null && transaction.chainId !== chainId) {
    return fail("TX_CHAIN_ID", `the transaction is for chain ${transaction.chainId}, this is ${chainId}`);
  }
  if (transaction.maxPriorityFeePerGasWei > transaction.maxFeePerGasWei) {
    return fail("TX_PRIORITY_FEE_ABOVE_FEE", "maxPriorityFeePerGas is above maxFeePerGas");
  }
  if (gasLimit > rules.transactionGasMax) {
    return fail("TX_GAS_ABOVE_CAP", `gas limit ${gasLimit} is above ${rules.transactionGasMax}`);
  }
  if (transaction.nonce >= NONCE_MAX) return fail("TX_NONCE_MAX", "the nonce is 2^64 - 1");
  if (transaction.to === null && transaction.data.length > rules.initCodeBytesMax) {
    const sizes = `${transaction.data.length} of ${rules.initCodeBytesMax} bytes`;
    return fail("TX_INIT_CODE_TOO_LARGE", `init code has ${sizes}`);
  }
  const isSetCode = transaction.type === TRANSACTION_TYPE.setCode;
  if (isSetCode && (transaction.to === null || transaction.authorizations.length === 0)) {
    return fail("TX_AUTHORIZATION_SHAPE", "a set-code transaction needs a recipient and an authorization");
  }
  const { intrinsicGas, floorGas } = computeTransactionGas(transaction);
  if (gasLimit < intrinsicGas) {
    return fail("TX_INTRINSIC_GAS", `gas limit ${gasLimit} is below the intrinsic ${intrinsicGas}`);
  }
  if (gasLimit < floorGas) return fail("TX_FLOOR_GAS", `gas limit ${gasLimit} is below the data floor ${floorGas}`);
  return VALID;
}

function hasForeignCode(view: StateView, address: Address, codeHash: string): boolean {
  return codeHash !== EMPTY_CODE_HASH && delegationTarget(view.getCode(address)) === null;
}

/** Everything that is bought up front must be there up front: gas at its highest price, value and fee (flaws 14, 15). */
function validateBalances(transaction: RecoveredTransaction, view: StateView): TransactionValidity {
  const { sender, sponsorship, valueWei } = transaction;
  const gasWei = transaction.gasLimit * transaction.maxFeePerGasWei;
  const buysOwnGas = sponsorship === null || sponsorship.payer === sender;
  const neededWei = valueWei + (sponsorship?.feeWei ?? 0n) + (buysOwnGas ? gasWei : 0n);
  const balanceWei = readAccount(view, sender).balanceWei;
  if (balanceWei < neededWei) {
    return fail("TX_INSUFFICIENT_BALANCE", `the sender has ${balanceWei} of ${neededWei} wei`, {
      balanceWei: balanceWei.toString(),
      neededWei: neededWei.toString(),
    });
  }
  if (sponsorship === null || buysOwnGas) return VALID;
  const payer = readAccount(view, sponsorship.payer);
  if (hasForeignCode(view, sponsorship.payer, payer.codeHash)) {
    return fail("TX_PAYER_HAS_CODE", "a contract cannot pay", { payer: sponsorship.payer });
  }
  if (payer.balanceWei < gasWei) {
    return fail("TX_PAYER_INSUFFICIENT_BALANCE", `the payer has ${payer.balanceWei} of ${gasWei} wei`, {
      payer: sponsorship.payer,
      balanceWei: payer.balanceWei.toString(),
      neededWei: gasWei.toString(),
    });
  }
  return VALID;
}

/**
 * Whether the transaction may stand at this place of this block: its form, the block's terms, and the accounts as
 * `view` has them now. `gasAvailable` is what the transactions before it left of the block's gas limit.
 */
export function validateTransaction(
  transaction: RecoveredTransaction,
  view: StateView,
  block: BlockContext,
  gasAvailable: bigint,
  checks: TransactionChecks = "all",
): TransactionValidity {
  const rules = checks === "all" ? rulesOf(block) : { ...rulesOf(block), transactionGasMax: GAS_LIMIT_MAX };
  const form = validateTransactionForm(transaction, block.chainId, rules);
  if (!form.ok) return form;
  if (transaction.gasLimit > gasAvailable) {
    return fail(
      "TX_GAS_ABOVE_BLOCK",
      `gas limit ${transaction.gasLimit} is above the block's remaining ${gasAvailable}`,
    );
  }
  if (checks === "funds") return validateBalances(transaction, view);
  if (transaction.maxFeePerGasWei < block.baseFeePerGasWei) {
    return fail("TX_FEE_BELOW_BASE_FEE", `maxFeePerGas is below the base fee ${block.baseFeePerGasWei}`);
  }
  const { sponsorship, sender, nonce } = transaction;
  if (sponsorship !== null && sponsorship.validUntilSeconds < BigInt(block.timestamp)) {
    return fail("TX_EXPIRED", `valid until ${sponsorship.validUntilSeconds}, the block is at ${block.timestamp}`);
  }
  const account = readAccount(view, sender);
  if (nonce < account.nonce) return fail("TX_NONCE_TOO_LOW", `nonce ${nonce} is used, next is ${account.nonce}`);
  if (nonce > account.nonce) return fail("TX_NONCE_TOO_HIGH", `nonce ${nonce} is early, next is ${account.nonce}`);
  // Nobody has a contract's key, so only an impersonated one can get here by any other way than a collision.
  const isForeign = checks === "all" && hasForeignCode(view, sender, account.codeHash);
  if (isForeign && impersonatedSender(transaction) === null)
    return fail("TX_SENDER_HAS_CODE", "a contract cannot send");
  return validateBalances(transaction, view);
}

/** What one unit of gas costs in this block. */
export function effectiveGasPriceWei(
  prices: Pick<RecoveredTransaction, "maxFeePerGasWei" | "maxPriorityFeePerGasWei">,
  baseFeePerGasWei: bigint,
): bigint {
  const room = maxBigint(prices.maxFeePerGasWei - baseFeePerGasWei, 0n);
  return minBigint(baseFeePerGasWei + minBigint(prices.maxPriorityFeePerGasWei, room), prices.maxFeePerGasWei);
}
