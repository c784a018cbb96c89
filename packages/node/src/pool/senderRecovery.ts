import type { ChainSpec } from "@festina/chainspec";
import type { RecoverPublicKey } from "@festina/crypto";
import { ok, type Result } from "@festina/primitives";
import { impersonatedSender, type RecoveredTransaction, recoverTransaction, type Transaction } from "@festina/types";

/** How this network finds out who sent a transaction: by the signature, or on a development chain also by a mere claim. */
export function senderRecovery(
  { development }: Pick<ChainSpec, "development">,
  recoverPublicKey: RecoverPublicKey,
): (transaction: Transaction) => Result<RecoveredTransaction> {
  const bySignature = (transaction: Transaction) => recoverTransaction(transaction, recoverPublicKey);
  if (development !== true) return bySignature;
  return (transaction) => {
    const sender = impersonatedSender(transaction);
    return sender === null ? bySignature(transaction) : ok({ ...transaction, sender });
  };
}
