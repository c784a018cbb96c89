import { type EcdsaSignature, keccakHash } from "@festina/crypto";
import { type Address, bigintToBytes, toAddress } from "@festina/primitives";
import { encodeTransaction } from "./encodeTransaction.ts";
import type { RecoveredTransaction, Transaction, TransactionFields } from "./transaction.ts";

const ADDRESS_BYTES = 20;

/**
 * A transaction in the name of an account whose key nobody here has: r is the address, s is 0, which no signature has.
 * Only development chains take it.
 */
export function impersonate(fields: TransactionFields, sender: Address): RecoveredTransaction {
  const signature: EcdsaSignature = { r: BigInt(sender), s: 0n, yParity: 0 };
  const encoded = encodeTransaction(fields, signature, null);
  return { ...fields, signature, payerSignature: null, encoded, hash: keccakHash(encoded), sender };
}

/** Whom the transaction only claims to be from; `null` for one with a real signature, or with none that means anything. */
export function impersonatedSender({ signature, sponsorship }: Transaction): Address | null {
  const { r, s, yParity } = signature;
  if (s !== 0n || yParity !== 0 || sponsorship !== null || r >= 1n << 160n) return null;
  return toAddress(bigintToBytes(r, ADDRESS_BYTES));
}
