// Instructions on ranges of memory. Each leaves the stack as high as it should be and answers with a status, or GOES_ON.
import { STATE } from "../hashes/permutation";
import { digestOf } from "../keccak";
import { clearBytes, copyBytes } from "./bytes";
import { endOf, wordsOf } from "./expansion";
import { memoryOf, reach, setTop, topOf } from "./frame";
import { KNOWN_INPUT_BYTES, knownHash } from "./knownHashes";
import * as at from "./layout";
import { addLog } from "./state/logs";
import { exceedsU32, swapBytes, swapLimbBytes } from "./word";

const BYTES: usize = memory.data(32, 16);

/** Output of the last call that ended: where it lies and how long it is. */
let returnData: usize = 0;
let returnDataLength: u32 = 0;

export function setReturnData(address: usize, length: u32): void {
  returnData = address;
  returnDataLength = length;
}

export function returnDataSize(): u32 {
  return returnDataLength;
}

/** More for each word than gas can be, when the length is beyond what `endOf` lets pass. */
function priceOfWords(length: usize, perWord: u64): i64 {
  return exceedsU32(length) ? 0 : <i64>(wordsOf(load<u64>(length)) * perWord);
}

/** Copies from a source of `available` bytes; zeros behind its end. */
export function copyPadded(to: usize, source: usize, available: u32, offset: usize, length: u32): void {
  const isBehind = exceedsU32(offset) || <u32>load<u64>(offset) >= available;
  const start = isBehind ? available : <u32>load<u64>(offset);
  const whole = min<u32>(length, available - start);
  copyBytes(to, source + <usize>start, <usize>whole);
  clearBytes(to + <usize>whole, <usize>(length - whole));
}

/** The hash of so many bytes, as a word. */
export function hashWord(to: usize, input: usize, length: i32): void {
  if (length === KNOWN_INPUT_BYTES) return knownHash(to, input);
  digestOf(input, length);
  swapLimbBytes(to, STATE);
}

export function keccak256(frame: usize): i32 {
  const top = topOf(frame);
  const lengthWord = top - 32;
  if (!reach(frame, endOf(top, lengthWord), priceOfWords(lengthWord, 6))) return at.STATUS_OUT_OF_GAS;
  const length = <i32>load<u64>(lengthWord);
  const input = length === 0 ? memoryOf(frame) : memoryOf(frame) + <usize>load<u64>(top);
  hashWord(lengthWord, input, length);
  setTop(frame, lengthWord);
  return at.GOES_ON;
}

/** CALLDATALOAD */
export function loadInput(frame: usize): i32 {
  const top = topOf(frame);
  loadInputWord(top, frame, top);
  return at.GOES_ON;
}

/** 32 bytes of the input from an offset on, as a word. */
export function loadInputWord(to: usize, frame: usize, offset: usize): void {
  const input = <usize>load<u32>(frame, at.FRAME_INPUT);
  const available = load<u32>(frame, at.FRAME_INPUT_LENGTH);
  if (!exceedsU32(offset) && load<u64>(offset) + 32 <= <u64>available)
    return swapBytes(to, input + <usize>load<u64>(offset));
  copyPadded(BYTES, input, available, offset, 32);
  swapBytes(to, BYTES);
}

/** CALLDATACOPY and CODECOPY */
export function copyIn(frame: usize, source: usize, available: u32): i32 {
  const top = topOf(frame);
  const lengthWord = top - 64;
  if (!reach(frame, endOf(top, lengthWord), priceOfWords(lengthWord, 3))) return at.STATUS_OUT_OF_GAS;
  const length = <u32>load<u64>(lengthWord);
  if (length !== 0) copyPadded(memoryOf(frame) + <usize>load<u64>(top), source, available, top - 32, length);
  setTop(frame, top - 96);
  return at.GOES_ON;
}

/** RETURNDATACOPY: reading behind the end is a fault, unlike everywhere else (EIP-211). */
export function copyReturnData(frame: usize): i32 {
  const top = topOf(frame);
  const lengthWord = top - 64;
  if (!reach(frame, endOf(top, lengthWord), priceOfWords(lengthWord, 3))) return at.STATUS_OUT_OF_GAS;
  const length = load<u64>(lengthWord);
  if (exceedsU32(top - 32) || load<u64>(top - 32) + length > <u64>returnDataLength) return at.STATUS_OUT_OF_RANGE;
  if (length !== 0) {
    const to = memoryOf(frame) + <usize>load<u64>(top);
    copyBytes(to, returnData + <usize>load<u64>(top - 32), <usize>length);
  }
  setTop(frame, top - 96);
  return at.GOES_ON;
}

/** MCOPY */
export function copyWithin(frame: usize): i32 {
  const top = topOf(frame);
  const lengthWord = top - 64;
  const end = max<u64>(endOf(top, lengthWord), endOf(top - 32, lengthWord));
  if (!reach(frame, end, priceOfWords(lengthWord, 3))) return at.STATUS_OUT_OF_GAS;
  const length = <usize>load<u64>(lengthWord);
  if (length !== 0) {
    const to = memoryOf(frame) + <usize>load<u64>(top);
    const from = memoryOf(frame) + <usize>load<u64>(top - 32);
    if (to + length <= from || from + length <= to) copyBytes(to, from, length);
    else memory.copy(to, from, length);
  }
  setTop(frame, top - 96);
  return at.GOES_ON;
}

export function log(frame: usize, topics: i32): i32 {
  const top = topOf(frame);
  const lengthWord = top - 32;
  const price = exceedsU32(lengthWord) ? 0 : <i64>(load<u64>(lengthWord) * 8);
  if (!reach(frame, endOf(top, lengthWord), price)) return at.STATUS_OUT_OF_GAS;
  if (load<u32>(frame, at.FRAME_IS_STATIC) !== 0) return at.STATUS_STATIC_STATE_CHANGE;
  const length = <u32>load<u64>(lengthWord);
  const data = length === 0 ? memoryOf(frame) : memoryOf(frame) + <usize>load<u64>(top);
  addLog(<usize>load<u32>(frame, at.FRAME_SELF), top - 64, topics, data, length);
  setTop(frame, top - 64 - ((<usize>topics) << 5));
  return at.GOES_ON;
}

/** RETURN and REVERT */
export function finish(frame: usize, status: i32): i32 {
  const top = topOf(frame);
  if (!reach(frame, endOf(top, top - 32), 0)) return at.STATUS_OUT_OF_GAS;
  const length = <u32>load<u64>(top - 32);
  const start = length === 0 ? 0 : <u32>load<u64>(top);
  store<u32>(frame, <u32>memoryOf(frame) + start, at.FRAME_OUTPUT);
  store<u32>(frame, length, at.FRAME_OUTPUT_LENGTH);
  return status;
}
