import type { RecoveredTransaction } from "@festina/types";
import type { PoolEntry } from "./poolEntry.ts";
import type { PoolStore } from "./poolStore.ts";

/** How much too much there would be; 0 or less where there is room. */
export interface Lack {
  readonly transactions: number;
  /** Of encodings. */
  readonly bytes: number;
}

/**
 * Which peers' transactions have to leave so that the newcomer has room: those worth least, and less than it is. `null` where
 * that is not enough. Changes nothing.
 */
export function chooseLeaving(
  newcomer: RecoveredTransaction,
  lack: Lack,
  store: Pick<PoolStore, "fromWorst" | "queues">,
): ReadonlySet<PoolEntry> | null {
  const leaving = new Set<PoolEntry>();
  let { transactions, bytes } = lack;
  for (const worst of store.fromWorst()) {
    if (transactions <= 0 && bytes <= 0) break;
    const { sender, maxPriorityFeePerGasWei } = worst.transaction;
    if (sender === newcomer.sender || maxPriorityFeePerGasWei >= newcomer.maxPriorityFeePerGasWei) return null;
    // The sender's last one goes instead of a middle one: it is worth no more than what it waits for.
    const last = store.queues.get(sender)?.last((entry) => !leaving.has(entry));
    const entry = last?.origin === "peer" ? last : worst;
    if (leaving.has(entry)) continue;
    leaving.add(entry);
    transactions -= 1;
    bytes -= entry.transaction.encoded.length;
  }
  return transactions <= 0 && bytes <= 0 ? leaving : null;
}
