import { keccakHash } from "@festina/crypto";
import { type Address, EMPTY_BYTES, type Hash32, minBigint } from "@festina/primitives";
import type { Account, StateView } from "./ports.ts";

/** What "no account" reads as, and the arithmetic on balances that never goes below zero. */

export const EMPTY_CODE_HASH: Hash32 = keccakHash(EMPTY_BYTES);
export const EMPTY_ACCOUNT: Account = { nonce: 0n, balanceWei: 0n, codeHash: EMPTY_CODE_HASH };

/** Nonce 0, balance 0, no code (EIP-161): such an account does not outlive the transaction that touches it. */
export function isEmptyAccount(account: Account): boolean {
  return account.nonce === 0n && account.balanceWei === 0n && account.codeHash === EMPTY_CODE_HASH;
}

export function readAccount(view: StateView, address: Address): Account {
  return view.getAccount(address) ?? EMPTY_ACCOUNT;
}

const BALANCE_MAX_WEI = (1n << 256n) - 1n;

/**
 * Creates the account when missing. Crediting nothing changes nothing. A balance that a developer has set to almost all that
 * a word holds stays at that: elsewhere there is not so much of anything.
 */
export function creditBalance(view: StateView, address: Address, amountWei: bigint): void {
  if (amountWei === 0n) return;
  const account = readAccount(view, address);
  const { nonce, balanceWei, codeHash } = account;
  view.putAccount(address, { nonce, balanceWei: minBigint(balanceWei + amountWei, BALANCE_MAX_WEI), codeHash });
}

/** False, and nothing changed, when the balance does not cover the amount. */
export function debitBalance(view: StateView, address: Address, amountWei: bigint): boolean {
  if (amountWei === 0n) return true;
  const account = readAccount(view, address);
  if (account.balanceWei < amountWei) return false;
  const { nonce, balanceWei, codeHash } = account;
  view.putAccount(address, { nonce, balanceWei: balanceWei - amountWei, codeHash });
  return true;
}
