// Nonce search for the keccak proof of work: keccak256(seal || nonce), one block of input per try.

import { permuteToDigest, STATE, STATE_BYTES } from "./hashes/permutation";

let seal0: u64 = 0;
let seal1: u64 = 0;
let seal2: u64 = 0;
let seal3: u64 = 0;
let blockHigh: u64 = 0;
let blockLow: u64 = 0;
let fruitHigh: u64 = 0;
let fruitLow: u64 = 0;

/** The sealed hash as four lanes: its bytes eight by eight, little-endian. */
export function setSeal(lane0: u64, lane1: u64, lane2: u64, lane3: u64): void {
  seal0 = lane0;
  seal1 = lane1;
  seal2 = lane2;
  seal3 = lane3;
}

/** Highest winning halves: of the high half of a result for a block, of the low half for a fruit. */
export function setTargets(blockTop: u64, blockRest: u64, fruitTop: u64, fruitRest: u64): void {
  blockHigh = blockTop;
  blockLow = blockRest;
  fruitHigh = fruitTop;
  fruitLow = fruitRest;
}

/** Tries `count` nonces from `start` on; how far from `start` the first winner lies, or -1. */
export function search(start: u64, count: i32): i32 {
  for (let i = 0; i < count; i++) if (wins(start + <u64>i)) return i;
  return -1;
}

/** One permutation of the padded 40-byte message. */
function wins(nonce: u64): bool {
  memory.fill(STATE, 0, STATE_BYTES);
  store<u64>(STATE, seal0, 0);
  store<u64>(STATE, seal1, 8);
  store<u64>(STATE, seal2, 16);
  store<u64>(STATE, seal3, 24);
  store<u64>(STATE, bswap<u64>(nonce), 32);
  // Padding: 0x01 behind the message, 0x80 at the end of the rate.
  store<u64>(STATE, 1, 40);
  store<u64>(STATE, 0x8000000000000000, 128);
  permuteToDigest();
  return isAtMost(lane(0), lane(1), blockHigh, blockLow) || isAtMost(lane(2), lane(3), fruitHigh, fruitLow);
}

/** Eight bytes of the digest, as a number whose first byte counts most. */
function lane(index: usize): u64 {
  return bswap<u64>(load<u64>(STATE + (index << 3)));
}

function isAtMost(high: u64, low: u64, limitHigh: u64, limitLow: u64): bool {
  return high < limitHigh || (high === limitHigh && low <= limitLow);
}
