import type { Address } from "@festina/primitives";
import { isEmptyAccount } from "./account.ts";
import type { StateView } from "./ports.ts";

/**
 * What is left to do after code ran: destroyed accounts go, with whatever they received since, and touched accounts
 * that ended empty go too (EIP-161). Returns the wei that went with them.
 */
export function removeDeadAccounts(
  view: StateView,
  selfDestructed: readonly Address[],
  touched: Iterable<Address>,
): bigint {
  let burnedWei = 0n;
  for (const address of selfDestructed) {
    burnedWei += view.getAccount(address)?.balanceWei ?? 0n;
    view.deleteAccount(address);
  }
  for (const address of touched) {
    const account = view.getAccount(address);
    if (account !== null && isEmptyAccount(account)) view.deleteAccount(address);
  }
  return burnedWei;
}
