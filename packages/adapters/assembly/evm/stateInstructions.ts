// Instructions on state, and those that begin calls. Each answers with a status, or GOES_ON.
import { endOf, wordsOf } from "./expansion";
import { charge, memoryOf, raise, reach, setTop, topOf } from "./frame";
import * as at from "./layout";
import { copyPadded } from "./memoryInstructions";
import { SSTORE_SENTRY } from "./price";
import { access } from "./state/access";
import * as accounts from "./state/accounts";
import * as slots from "./state/slots";
import { copy, exceedsU32, isZero, setSmall } from "./word";

function isStatic(frame: usize): bool {
  return load<u32>(frame, at.FRAME_IS_STATIC) !== 0;
}

function selfOf(frame: usize): usize {
  return <usize>load<u32>(frame, at.FRAME_SELF);
}

export function balance(frame: usize): i32 {
  const top = topOf(frame);
  if (!charge(frame, access(top))) return at.STATUS_OUT_OF_GAS;
  copy(top, accounts.loaded(accounts.accountAt(top)) + accounts.ACCOUNT_BALANCE);
  return at.GOES_ON;
}

export function ownBalance(frame: usize): i32 {
  copy(raise(frame), accounts.loaded(selfOf(frame)) + accounts.ACCOUNT_BALANCE);
  return at.GOES_ON;
}

export function codeSize(frame: usize): i32 {
  const top = topOf(frame);
  if (!charge(frame, access(top))) return at.STATUS_OUT_OF_GAS;
  setSmall(top, <u64>load<u32>(accounts.withCode(accounts.accountAt(top)), accounts.ACCOUNT_CODE_LENGTH));
  return at.GOES_ON;
}

/** EXTCODEHASH: 0 for what is as good as not there. */
export function codeHash(frame: usize): i32 {
  const top = topOf(frame);
  if (!charge(frame, access(top))) return at.STATUS_OUT_OF_GAS;
  const account = accounts.loaded(accounts.accountAt(top));
  if (accounts.isEmpty(account)) setSmall(top, 0);
  else copy(top, account + accounts.ACCOUNT_CODE_HASH);
  return at.GOES_ON;
}

/** EXTCODECOPY */
export function copyCode(frame: usize): i32 {
  const top = topOf(frame);
  const lengthWord = top - 96;
  const price = exceedsU32(lengthWord) ? 0 : <i64>(wordsOf(load<u64>(lengthWord)) * 3);
  if (!charge(frame, access(top)) || !reach(frame, endOf(top - 32, lengthWord), price)) return at.STATUS_OUT_OF_GAS;
  const length = <u32>load<u64>(lengthWord);
  if (length !== 0) {
    const account = accounts.withCode(accounts.accountAt(top));
    const code = <usize>load<u32>(account, accounts.ACCOUNT_CODE);
    const available = load<u32>(account, accounts.ACCOUNT_CODE_LENGTH);
    copyPadded(memoryOf(frame) + <usize>load<u64>(top - 32), code, available, top - 64, length);
  }
  setTop(frame, top - 128);
  return at.GOES_ON;
}

/** The value of a frame's slot. @returns the price */
export function slotOf(to: usize, frame: usize, key: usize): i64 {
  return slots.loadSlot(to, selfOf(frame), key);
}

export function loadSlot(frame: usize): i32 {
  const top = topOf(frame);
  return charge(frame, slotOf(top, frame, top)) ? at.GOES_ON : at.STATUS_OUT_OF_GAS;
}

const NOT_ENOUGH: i64 = -1;
const IS_STATIC: i64 = -2;

/** @returns what is left of the gas; NOT_ENOUGH or IS_STATIC for a frame that halts, which takes back what was stored */
export function putSlot(frame: usize, gas: i64, key: usize, value: usize): i64 {
  if (gas <= SSTORE_SENTRY) return NOT_ENOUGH;
  const left = gas - slots.storeSlot(selfOf(frame), key, value);
  if (left < 0) return NOT_ENOUGH;
  return isStatic(frame) ? IS_STATIC : left;
}

export function storeSlot(frame: usize): i32 {
  const top = topOf(frame);
  const left = putSlot(frame, load<i64>(frame, at.FRAME_GAS), top, top - 32);
  store<i64>(frame, left, at.FRAME_GAS);
  if (left < 0) return left === IS_STATIC ? at.STATUS_STATIC_STATE_CHANGE : at.STATUS_OUT_OF_GAS;
  setTop(frame, top - 64);
  return at.GOES_ON;
}

export function loadTransient(frame: usize): i32 {
  slots.loadTransient(selfOf(frame), topOf(frame));
  return at.GOES_ON;
}

export function storeTransient(frame: usize): i32 {
  if (isStatic(frame)) return at.STATUS_STATIC_STATE_CHANGE;
  const top = topOf(frame);
  slots.storeTransient(selfOf(frame), top, top - 32);
  setTop(frame, top - 64);
  return at.GOES_ON;
}

/** CREATE and CREATE2: calls/ask.ts goes on from here. */
export function create(frame: usize): i32 {
  if (isStatic(frame)) return at.STATUS_STATIC_STATE_CHANGE;
  const top = topOf(frame);
  return reach(frame, endOf(top - 32, top - 64), 0) ? at.STATUS_CREATE : at.STATUS_OUT_OF_GAS;
}

/** The four kinds of call: calls/ask.ts goes on from here. `ranges`: address of the word with the input's offset. */
export function call(frame: usize, ranges: usize): i32 {
  const end = max<u64>(endOf(ranges, ranges - 32), endOf(ranges - 64, ranges - 96));
  return reach(frame, end, 0) ? at.STATUS_CALL : at.STATUS_OUT_OF_GAS;
}

/** CALL alone moves wei away from the account that calls. */
export function callWithValue(frame: usize): i32 {
  const top = topOf(frame);
  if (isStatic(frame) && !isZero(top - 64)) return at.STATUS_STATIC_STATE_CHANGE;
  return call(frame, top - 96);
}

export function selfDestruct(frame: usize): i32 {
  return isStatic(frame) ? at.STATUS_STATIC_STATE_CHANGE : at.STATUS_SELF_DESTRUCT;
}
