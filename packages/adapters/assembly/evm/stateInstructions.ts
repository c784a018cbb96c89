// Instructions that need the host: state, and calls. Each answers with a status, or GOES_ON.
import { endOf, wordsOf } from "./expansion";
import { charge, memoryOf, raise, reach, setTop, topOf } from "./frame";
import * as host from "./host";
import * as at from "./layout";
import { copy, exceedsU32, isZero } from "./word";

/** SSTORE refuses to run with this much gas or less (EIP-2200). */
const SSTORE_SENTRY: i64 = 2300;

function isStatic(frame: usize): bool {
  return load<u32>(frame, at.FRAME_IS_STATIC) !== 0;
}

/** Warms the account on top of the stack. */
function access(frame: usize): bool {
  return charge(frame, <i64>host.accessAccount(topOf(frame)));
}

export function balance(frame: usize): i32 {
  if (!access(frame)) return at.STATUS_OUT_OF_GAS;
  host.balanceOf(topOf(frame));
  return at.GOES_ON;
}

export function ownBalance(frame: usize): i32 {
  const top = raise(frame);
  copy(top, frame + at.FRAME_ADDRESS);
  host.balanceOf(top);
  return at.GOES_ON;
}

export function codeSize(frame: usize): i32 {
  if (!access(frame)) return at.STATUS_OUT_OF_GAS;
  host.codeSizeOf(topOf(frame));
  return at.GOES_ON;
}

export function codeHash(frame: usize): i32 {
  if (!access(frame)) return at.STATUS_OUT_OF_GAS;
  host.codeHashOf(topOf(frame));
  return at.GOES_ON;
}

/** EXTCODECOPY */
export function copyCode(frame: usize): i32 {
  const top = topOf(frame);
  const lengthWord = top - 96;
  const price = exceedsU32(lengthWord) ? 0 : <i64>(wordsOf(load<u64>(lengthWord)) * 3);
  if (!access(frame) || !reach(frame, endOf(top - 32, lengthWord), price)) return at.STATUS_OUT_OF_GAS;
  const length = <u32>load<u64>(lengthWord);
  const offset = exceedsU32(top - 64) ? u32.MAX_VALUE : <u32>load<u64>(top - 64);
  if (length !== 0) host.copyCodeOf(top, offset, memoryOf(frame) + <usize>load<u64>(top - 32), length);
  setTop(frame, top - 128);
  return at.GOES_ON;
}

export function loadSlot(frame: usize): i32 {
  return charge(frame, <i64>host.loadSlot(topOf(frame))) ? at.GOES_ON : at.STATUS_OUT_OF_GAS;
}

export function storeSlot(frame: usize): i32 {
  if (isStatic(frame)) return at.STATUS_STATIC_STATE_CHANGE;
  if (load<i64>(frame, at.FRAME_GAS) <= SSTORE_SENTRY) return at.STATUS_OUT_OF_GAS;
  const top = topOf(frame);
  if (!charge(frame, <i64>host.storeSlot(top, top - 32))) return at.STATUS_OUT_OF_GAS;
  setTop(frame, top - 64);
  return at.GOES_ON;
}

export function storeTransient(frame: usize): i32 {
  if (isStatic(frame)) return at.STATUS_STATIC_STATE_CHANGE;
  const top = topOf(frame);
  host.storeTransient(top, top - 32);
  setTop(frame, top - 64);
  return at.GOES_ON;
}

/** CREATE and CREATE2: the host goes on from here. */
export function create(frame: usize): i32 {
  if (isStatic(frame)) return at.STATUS_STATIC_STATE_CHANGE;
  const top = topOf(frame);
  return reach(frame, endOf(top - 32, top - 64), 0) ? at.STATUS_CREATE : at.STATUS_OUT_OF_GAS;
}

/** The four kinds of call: the host goes on from here. `ranges`: address of the word with the input's offset. */
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
