import type { Address } from "@festina/primitives";
import { gasCostWei, type PoolEntry, senderCostWei } from "./poolEntry.ts";

const NOTHING: ReadonlySet<PoolEntry> = new Set();

/** What each account would owe if everything waiting ran: as sender, and as payer of others. */
export class Commitments {
  readonly #owedWei = new Map<Address, bigint>();
  readonly #paidFor = new Map<Address, Set<PoolEntry>>();

  owedWei(account: Address): bigint {
    return this.#owedWei.get(account) ?? 0n;
  }

  /** Entries whose gas the account buys for another sender, in order of arrival. */
  paidFor(account: Address): ReadonlySet<PoolEntry> {
    return this.#paidFor.get(account) ?? NOTHING;
  }

  add(entry: PoolEntry): void {
    const { transaction } = entry;
    this.#owe(transaction.sender, senderCostWei(transaction));
    const payer = payerOf(entry);
    if (payer === null) return;
    this.#owe(payer, gasCostWei(transaction));
    const entries = this.#paidFor.get(payer) ?? new Set();
    entries.add(entry);
    this.#paidFor.set(payer, entries);
  }

  remove(entry: PoolEntry): void {
    const { transaction } = entry;
    this.#owe(transaction.sender, -senderCostWei(transaction));
    const payer = payerOf(entry);
    if (payer === null) return;
    this.#owe(payer, -gasCostWei(transaction));
    const entries = this.#paidFor.get(payer);
    entries?.delete(entry);
    if (entries?.size === 0) this.#paidFor.delete(payer);
  }

  #owe(account: Address, amountWei: bigint): void {
    const owed = this.owedWei(account) + amountWei;
    if (owed === 0n) this.#owedWei.delete(account);
    else this.#owedWei.set(account, owed);
  }
}

/** `null` when the sender buys its own gas. */
export function payerOf(entry: Pick<PoolEntry, "transaction">): Address | null {
  const { sponsorship, sender } = entry.transaction;
  return sponsorship === null || sponsorship.payer === sender ? null : sponsorship.payer;
}
