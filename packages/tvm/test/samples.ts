import { addressOfSecretKey, recoverPublicKey } from "@festina/crypto";
import { type Address, EMPTY_BYTES, ZERO_HASH } from "@festina/primitives";
import { type RecoveredTransaction, signTransaction, TRANSACTION_TYPE, type TransactionFields } from "@festina/types";
import type { BlockContext, Engine, StateView } from "../src/index.ts";
import { MemoryStateView } from "../testing/index.ts";

export const SENDER_KEY = new Uint8Array(32).fill(7);
export const PAYER_KEY = new Uint8Array(32).fill(8);
export const SENDER = addressOfSecretKey(SENDER_KEY);
export const PAYER = addressOfSecretKey(PAYER_KEY);
export const RECIPIENT = `0x${"11".repeat(20)}` as Address;
export const FEE_POT = `0x${"22".repeat(20)}` as Address;
export const COINBASE = `0x${"33".repeat(20)}` as Address;
export const ETHER = 10n ** 18n;

export const BLOCK: BlockContext = {
  number: 5,
  timestamp: 1_000,
  gasLimit: 30_000_000n,
  baseFeePerGasWei: 10n,
  coinbase: COINBASE,
  prevRandao: ZERO_HASH,
  chainId: 1337n,
  getBlockHash: () => ZERO_HASH,
};

export function aTransaction(fields: Partial<TransactionFields> = {}): RecoveredTransaction {
  return signTransaction(
    {
      type: TRANSACTION_TYPE.feeMarket,
      chainId: BLOCK.chainId,
      nonce: 0n,
      maxFeePerGasWei: 15n,
      maxPriorityFeePerGasWei: 2n,
      gasLimit: 100_000n,
      to: RECIPIENT,
      valueWei: 0n,
      data: EMPTY_BYTES,
      accessList: [],
      authorizations: [],
      sponsorship: null,
      ...fields,
    },
    SENDER_KEY,
    PAYER_KEY,
  );
}

export function aSponsored(feeWei: bigint, fields: Partial<TransactionFields> = {}): RecoveredTransaction {
  const sponsorship = { feeWei, payer: PAYER, validUntilSeconds: 2_000n };
  return aTransaction({ type: TRANSACTION_TYPE.sponsored, sponsorship, ...fields });
}

export function aView(balances: Partial<Record<"sender" | "payer", bigint>> = {}): MemoryStateView {
  const view = new MemoryStateView();
  view.plant(SENDER, { balanceWei: balances.sender ?? ETHER });
  view.plant(PAYER, { balanceWei: balances.payer ?? ETHER });
  return view;
}

export function anExecution(transaction: RecoveredTransaction, view: StateView, engine: Engine) {
  return { transaction, view, block: BLOCK, engine, recoverPublicKey, feePot: FEE_POT };
}

export function balanceOf(view: StateView, address: Address): bigint {
  return view.getAccount(address)?.balanceWei ?? 0n;
}
