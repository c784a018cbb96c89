import { effectiveTipWei } from "./poolEntry.ts";
import type { TransactionOrdering } from "./ports.ts";

/** The default ordering: highest effective tip first, then first come, first served. */
export const orderByFee: TransactionOrdering = (a, b, baseFeePerGasWei) => {
  const tipA = effectiveTipWei(a.transaction, baseFeePerGasWei);
  const tipB = effectiveTipWei(b.transaction, baseFeePerGasWei);
  if (tipA !== tipB) return tipA > tipB ? -1 : 1;
  return a.sequence - b.sequence;
};
