import { addressOfPublicKey, type EcdsaSignature, type RecoverPublicKey, SECP256K1_ORDER } from "@festina/crypto";
import { type Address, fail, ok, type Result } from "@festina/primitives";
import {
  authorizationSigningHash,
  payerSigningHash,
  signatureBytes,
  transactionSigningHash,
} from "./encodeTransaction.ts";
import type { Authorization, RecoveredTransaction, Transaction } from "./transaction.ts";

export type TransactionSignatureCode = "TX_SIGNATURE_INVALID" | "TX_PAYER_SIGNATURE_INVALID";

/** Low s only (EIP-2), so that nobody can change a transaction's hash without its signers. */
function signerOf(hash: Uint8Array, signature: EcdsaSignature, recover: RecoverPublicKey): Address | null {
  const { r, s, yParity } = signature;
  if (r === 0n || s === 0n || r >= SECP256K1_ORDER || s > SECP256K1_ORDER / 2n) return null;
  const publicKey = recover(hash, signatureBytes(signature).subarray(0, 64), yParity);
  return publicKey === null ? null : addressOfPublicKey(publicKey);
}

/** Finds the sender and, for a sponsored transaction, checks that its payer agreed to exactly this. */
export function recoverTransaction(
  transaction: Transaction,
  recover: RecoverPublicKey,
): Result<RecoveredTransaction, TransactionSignatureCode> {
  const sender = signerOf(transactionSigningHash(transaction), transaction.signature, recover);
  if (sender === null) return fail("TX_SIGNATURE_INVALID", "the sender's signature is not valid");
  const { sponsorship, payerSignature } = transaction;
  if (sponsorship !== null && payerSignature !== null) {
    const payer = signerOf(payerSigningHash(transaction, transaction.signature), payerSignature, recover);
    if (payer !== sponsorship.payer) {
      return fail("TX_PAYER_SIGNATURE_INVALID", "the payer's signature is not by the named payer", {
        payer: sponsorship.payer,
      });
    }
  }
  return ok({ ...transaction, sender });
}

/** The account that signed an EIP-7702 authorization, or `null`: an invalid one is skipped, not an error. */
export function recoverAuthority(authorization: Authorization, recover: RecoverPublicKey): Address | null {
  return signerOf(authorizationSigningHash(authorization), authorization, recover);
}
