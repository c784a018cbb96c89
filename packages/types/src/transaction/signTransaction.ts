import { type AccountSigner, createAccountSigner, type EcdsaSignature, keccakHash } from "@festina/crypto";
import { encodeTransaction, payerSigningHash, transactionSigningHash } from "./encodeTransaction.ts";
import type { RecoveredTransaction, TransactionFields } from "./transaction.ts";

/** Signs as sender and, where the fields name a sponsorship, with `payer` as payer. */
export function signTransactionAs(
  fields: TransactionFields,
  sender: AccountSigner,
  payer: AccountSigner | null = null,
): RecoveredTransaction {
  const signature = sender.sign(transactionSigningHash(fields));
  let payerSignature: EcdsaSignature | null = null;
  if (fields.sponsorship !== null) {
    if (payer === null) throw new RangeError("a sponsored transaction needs its payer's key");
    payerSignature = payer.sign(payerSigningHash(fields, signature));
  }
  const encoded = encodeTransaction(fields, signature, payerSignature);
  return {
    ...fields,
    signature,
    payerSignature,
    encoded,
    hash: keccakHash(encoded),
    sender: sender.address,
  };
}

/** The same with keys at hand, for whoever signs now and then. */
export function signTransaction(
  fields: TransactionFields,
  senderKey: Uint8Array,
  payerKey: Uint8Array | null = null,
): RecoveredTransaction {
  const payer = payerKey === null ? null : createAccountSigner(payerKey);
  return signTransactionAs(fields, createAccountSigner(senderKey), payer);
}
