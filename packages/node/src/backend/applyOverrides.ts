import type { Address } from "@festina/primitives";
import type { AccountOverride } from "@festina/rpc";
import { type BlockContext, readAccount, rulesOf, type StateView } from "@festina/tvm";

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

/**
 * The block with precompiled contracts where the call wants them. What is overridden is none any more (as in geth): its
 * own code runs, and where it was moved to it is all the same.
 */
export function movePrecompiles(block: BlockContext, overrides: ReadonlyMap<Address, AccountOverride>): BlockContext {
  const rules = rulesOf(block);
  const own = new Set(rules.precompiles);
  const overridden = [...overrides].filter(([address]) => own.has(address));
  if (overridden.length === 0) return block;
  const moved = new Map(rules.precompiles.map((address) => [address, address]));
  for (const [address] of overridden) moved.delete(address);
  for (const [address, { movePrecompileTo }] of overridden)
    if (movePrecompileTo !== undefined) moved.set(movePrecompileTo, address);
  return { ...block, rules: { ...rules, movedPrecompiles: moved } };
}
