import type { Address } from "@festina/primitives";
import type { AccountOverride } from "@festina/rpc";
import { readAccount, type StateView } from "@festina/tvm";

/** Writes what a call takes for granted into a view that is thrown away after the call. */
export function applyAccounts(view: StateView, overrides: ReadonlyMap<Address, AccountOverride>): void {
  for (const [address, override] of overrides) applyAccount(view, address, override);
}

function applyAccount(view: StateView, address: Address, { nonce, balanceWei, code, storage }: AccountOverride): void {
  const account = readAccount(view, address);
  const kept = code ?? view.getCode(address);
  // An account's slots go all at once only with the account.
  if (storage?.isWhole === true) view.deleteAccount(address);
  view.putAccount(address, {
    ...account,
    nonce: nonce ?? account.nonce,
    balanceWei: balanceWei ?? account.balanceWei,
  });
  if (code !== undefined || storage?.isWhole === true) view.putCode(address, kept);
  for (const [slot, value] of storage?.slots ?? []) view.putStorage(address, slot, value);
}
