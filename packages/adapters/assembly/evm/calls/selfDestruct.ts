// SELFDESTRUCT (EIP-6780): the balance goes to the beneficiary, the account only if this run made it.
import { charge, topOf } from "../frame";
import * as at from "../layout";
import { COLD_ACCOUNT, NEW_ACCOUNT } from "../price";
import { warm } from "../state/access";
import * as accounts from "../state/accounts";
import { noteWord } from "../state/journal";
import { add, isBelow, isZero, setSmall } from "../word";

/** Wei that ceased to exist in this run, a word. */
export const BURNED: usize = memory.data(32, 16);
const SUM: usize = memory.data(32, 16);

export function forgetBurned(): void {
  setSmall(BURNED, 0);
}

export function selfDestruct(frame: usize): i32 {
  const address = topOf(frame);
  const self = accounts.loaded(<usize>load<u32>(frame, at.FRAME_SELF));
  const beneficiary = accounts.loaded(accounts.accountAt(address));
  const balance = self + accounts.ACCOUNT_BALANCE;
  let price: i64 = warm(address) ? COLD_ACCOUNT : 0;
  if (!isZero(balance) && accounts.isEmpty(beneficiary)) price += NEW_ACCOUNT;
  if (!charge(frame, price)) return at.STATUS_OUT_OF_GAS;
  const isNew = accounts.has(self, accounts.IS_CREATED);
  if (!isZero(balance)) {
    if (beneficiary !== self) {
      add(SUM, beneficiary + accounts.ACCOUNT_BALANCE, balance);
      if (isBelow(SUM, balance)) return at.STATUS_BALANCE_OVERFLOW;
      accounts.setBalance(beneficiary, SUM);
    } else if (isNew) {
      noteWord(BURNED);
      add(BURNED, BURNED, balance);
    }
    if (beneficiary !== self || isNew) {
      setSmall(SUM, 0);
      accounts.setBalance(self, SUM);
    }
  }
  accounts.raiseFlag(beneficiary, accounts.IS_TOUCHED);
  accounts.raiseFlag(self, accounts.IS_TOUCHED);
  if (isNew) accounts.raiseFlag(self, accounts.IS_DESTRUCTED);
  return at.STATUS_STOP;
}
