import type { Address } from "@festina/primitives";
import { isEmptyAccount } from "./account.ts";
import type { StateView } from "./ports.ts";

/** Destroyed accounts go, with whatever they received since. Returns the wei that went with them. */
export function removeDestructed(view: StateView, selfDestructed: readonly Address[]): bigint {
  let burnedWei = 0n;
  for (const address of selfDestructed) {
    burnedWei += view.getAccount(address)?.balanceWei ?? 0n;
    view.deleteAccount(address);
  }
  return burnedWei;
}

/** A touched account that ended empty goes (EIP-161). */
export function removeIfEmpty(view: StateView, address: Address): void {
  const account = view.getAccount(address);
  if (account !== null && isEmptyAccount(account)) view.deleteAccount(address);
}
