import { addressOfSecretKey, type EcdsaSignature, keccakHash, signHash } from "@festina/crypto";
import { encodeTransaction, payerSigningHash, transactionSigningHash } from "./encodeTransaction.ts";
import type { RecoveredTransaction, TransactionFields } from "./transaction.ts";

/** Signs as sender and, where the fields name a sponsorship, with `payerKey` as payer. */
export function signTransaction(
  fields: TransactionFields,
  senderKey: Uint8Array,
  payerKey: Uint8Array | null = null,
): RecoveredTransaction {
  const signature = signHash(transactionSigningHash(fields), senderKey);
  let payerSignature: EcdsaSignature | null = null;
  if (fields.sponsorship !== null) {
    if (payerKey === null) throw new RangeError("a sponsored transaction needs its payer's key");
    payerSignature = signHash(payerSigningHash(fields, signature), payerKey);
  }
  const encoded = encodeTransaction(fields, signature, payerSignature);
  return {
    ...fields,
    signature,
    payerSignature,
    encoded,
    hash: keccakHash(encoded),
    sender: addressOfSecretKey(senderKey),
  };
}
