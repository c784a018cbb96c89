// Signed transactions of the test accounts.

import type { Address } from "@festina/primitives";
import { EMPTY_BYTES } from "@festina/primitives";
import { type RecoveredTransaction, signTransaction, TRANSACTION_TYPE, type TransactionFields } from "@festina/types";
import { CHAIN_ID, GWEI, USER_KEYS } from "./members.ts";

const [FIRST_KEY, PAYER_KEY] = USER_KEYS;
export const RECIPIENT = `0x${"e1".repeat(20)}` as Address;

/** Of the first user unless a key is given. */
export function aTransaction(
  nonce: number,
  fields: Partial<TransactionFields> = {},
  key: Uint8Array = FIRST_KEY,
): RecoveredTransaction {
  const all: TransactionFields = {
    type: TRANSACTION_TYPE.feeMarket,
    chainId: CHAIN_ID,
    nonce: BigInt(nonce),
    maxFeePerGasWei: 10n * GWEI,
    maxPriorityFeePerGasWei: GWEI,
    gasLimit: 200_000n,
    to: RECIPIENT,
    valueWei: 0n,
    data: EMPTY_BYTES,
    accessList: [],
    authorizations: [],
    sponsorship: null,
    ...fields,
  };
  return signTransaction(all, key, PAYER_KEY);
}
