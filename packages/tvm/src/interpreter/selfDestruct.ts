import { type Address, EMPTY_BYTES } from "@festina/primitives";
import { creditBalance, debitBalance, isEmptyAccount, readAccount } from "../account.ts";
import { type Ending, halt } from "./ending.ts";
import type { CurrentRun } from "./host.ts";
import type { KernelMemory } from "./kernel.ts";
import { PRICE } from "./price.ts";

/** SELFDESTRUCT (EIP-6780): the balance goes to the beneficiary, the account only if this run made it. */
export function selfDestruct(memory: KernelMemory, frame: number, run: CurrentRun, self: Address): Ending {
  const { view, state } = run;
  const beneficiary = memory.address(memory.get(frame, "top"));
  const { balanceWei } = readAccount(view, self);
  let price = state.warm(beneficiary) ? PRICE.coldAccount : 0;
  if (balanceWei !== 0n && isEmptyAccount(readAccount(view, beneficiary))) price += PRICE.newAccount;
  const gasLeft = memory.gas(frame) - price;
  if (gasLeft < 0) return halt("OUT_OF_GAS");
  const isNew = state.created.has(self);
  if (beneficiary !== self || isNew) debitBalance(view, self, balanceWei);
  if (beneficiary !== self) creditBalance(view, beneficiary, balanceWei);
  else if (isNew) state.burn(balanceWei);
  state.touch(beneficiary);
  state.touch(self);
  if (isNew) state.selfDestruct(self);
  return { kind: "success", gasLeft, output: EMPTY_BYTES };
}
