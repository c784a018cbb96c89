// Accounts that let another account's code run for them (EIP-7702).
import * as accounts from "../state/accounts";
import { readBytes } from "../word";

/** Code of such an account: 0xef0100 || address. */
const DELEGATION_BYTES: u32 = 23;
const PREFIX: u32 = 0x0001ef;

/** Writes the address of the account whose code runs instead; false when there is none. */
export function delegateOf(account: usize, to: usize): bool {
  accounts.loaded(account);
  if (!accounts.has(account, accounts.HAS_CODE)) return false;
  accounts.withCode(account);
  if (load<u32>(account, accounts.ACCOUNT_CODE_LENGTH) !== DELEGATION_BYTES) return false;
  const code = <usize>load<u32>(account, accounts.ACCOUNT_CODE);
  if ((load<u32>(code) & 0xffffff) !== PREFIX) return false;
  readBytes(to, code + 3, 20);
  return true;
}

export function delegateAt(address: usize, to: usize): bool {
  return delegateOf(accounts.accountAt(address), to);
}
