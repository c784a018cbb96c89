// What it costs to look at an account (EIP-2929).
import { isPrecompile } from "../calls/enter";
import { COLD_ACCOUNT, WARM_ACCESS } from "../price";
import { accountAt, has, IS_WARM, raiseFlag } from "./accounts";

/** Warms the account, whose record begins with its address. @returns true when it was cold */
function warmRecord(account: usize): bool {
  if (has(account, IS_WARM) || isPrecompile(account)) return false;
  raiseFlag(account, IS_WARM);
  return true;
}

/** The same by its address. */
export function warm(address: usize): bool {
  return warmRecord(accountAt(address));
}

/** @returns the price */
export function accessRecord(account: usize): i64 {
  return warmRecord(account) ? COLD_ACCOUNT : WARM_ACCESS;
}

/** @returns the price */
export function access(address: usize): i64 {
  return warm(address) ? COLD_ACCOUNT : WARM_ACCESS;
}
