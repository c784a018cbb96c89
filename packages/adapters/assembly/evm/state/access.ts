// What it costs to look at an account (EIP-2929).
import { isPrecompile } from "../calls/enter";
import { COLD_ACCOUNT, WARM_ACCESS } from "../price";
import { accountAt, has, IS_WARM, raiseFlag } from "./accounts";

/** Warms the account. @returns true when it was cold */
export function warm(address: usize): bool {
  const account = accountAt(address);
  if (has(account, IS_WARM) || isPrecompile(address)) return false;
  raiseFlag(account, IS_WARM);
  return true;
}

/** @returns the price */
export function access(address: usize): i64 {
  return warm(address) ? COLD_ACCOUNT : WARM_ACCESS;
}
