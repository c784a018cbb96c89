// TrueHash: SHA3-512 of seal and nonce, 64 rounds of a sparse matrix over GF(2), SHA3-256 of the last state.
//
// A row has at most four ones, near its diagonal. So a matrix is kept as bands: for each distance d between column and
// row, a mask of the rows that have a one there. A round is then the sum over d of (state shifted by d) & mask, a
// hundred rows at a time, where the plain product would look at four million bits.

import { permute, permuteToDigest, STATE as SPONGE, STATE_BYTES as SPONGE_BYTES } from "./hashes/permutation";
import { multiply } from "./truehash/product";
import { BYTES, OUT, STATE, WORDS } from "./truehash/state";

const ROUNDS: i32 = 64;
const SHA3_512_RATE: i32 = 72;
const SHA3_256_RATE: i32 = 136;
/** Padding of FIPS 202: 01 for SHA-3 and the first bit of pad10*1, then the last bit of the block. */
const PADDING_FIRST: u64 = 0x06;
const PADDING_LAST: u64 = 0x8000000000000000;

const SEAL: usize = memory.data(32, 16);
const RESULT: usize = memory.data(32, 16);

let blockHigh: u64 = 0;
let blockLow: u64 = 0;
let fruitHigh: u64 = 0;
let fruitLow: u64 = 0;

export { createBands } from "./truehash/product";

/** Where the 32 sealed bytes go. */
export function sealPointer(): usize {
  return SEAL;
}

/** Where `compute` leaves its 32 bytes. */
export function resultPointer(): usize {
  return RESULT;
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
  for (let i = 0; i < count; i++) {
    compute(start + <u64>i);
    if (wins()) return i;
  }
  return -1;
}

export function compute(nonce: u64): void {
  expandSeed(nonce);
  for (let round = 0; round < ROUNDS; round++) {
    const shift = <u32>load<u64>(STATE) & 0x7f;
    const table = <u32>(load<u64>(STATE, BYTES - 8) >> 60);
    multiply(table);
    rotate(shift);
  }
  compress();
}

/** SHA3-512 of the seed, its bytes in reverse, four times over. */
function expandSeed(nonce: u64): void {
  memory.fill(SPONGE, 0, SPONGE_BYTES);
  store<u32>(SPONGE, bswap<u32>(<u32>nonce), 0);
  store<u32>(SPONGE, bswap<u32>(<u32>(nonce >> 32)), 4);
  memory.copy(SPONGE + 8, SEAL, 32);
  store<u64>(SPONGE, PADDING_FIRST | PADDING_LAST, SHA3_512_RATE - 8);
  permute();
  for (let word: usize = 0; word < 8; word++) {
    const value = bswap<u64>(load<u64>(SPONGE + ((7 - word) << 3)));
    for (let copy: usize = 0; copy < 4; copy++) store<u64>(STATE + (((copy << 3) + word) << 3), value);
  }
}

/** The product, rotated towards bit 0, becomes the state. */
function rotate(shift: u32): void {
  store<u64>(OUT, load<u64>(OUT), BYTES);
  store<u64>(OUT, load<u64>(OUT, 8), BYTES + 8);
  const from = OUT + ((<usize>(shift >> 6)) << 3);
  const right = <u64>(shift & 63);
  const left = 63 - right;
  for (let at: usize = 0; at < BYTES; at += 8) {
    const low = load<u64>(from + at);
    const high = load<u64>(from + at, 8);
    // In two steps, since a shift by 64 would be one by 0.
    store<u64>(STATE + at, (low >> right) | ((high << 1) << left));
  }
}

/** SHA3-256 of the state with every four bytes swapped. */
function compress(): void {
  memory.fill(SPONGE, 0, SPONGE_BYTES);
  for (let word: usize = 0; word < WORDS; word++) {
    const lane = word % (SHA3_256_RATE / 8);
    if (word === SHA3_256_RATE / 8) permute();
    const swapped = rotl<u64>(bswap<u64>(load<u64>(STATE + (word << 3))), 32);
    const at = SPONGE + (lane << 3);
    store<u64>(at, load<u64>(at) ^ swapped);
  }
  const next = SPONGE + ((WORDS % (SHA3_256_RATE / 8)) << 3);
  store<u64>(next, load<u64>(next) ^ PADDING_FIRST);
  store<u64>(SPONGE, load<u64>(SPONGE, SHA3_256_RATE - 8) ^ PADDING_LAST, SHA3_256_RATE - 8);
  permuteToDigest();
  memory.copy(RESULT, SPONGE, 32);
}

function wins(): bool {
  return isAtMost(word(0), word(8), blockHigh, blockLow) || isAtMost(word(16), word(24), fruitHigh, fruitLow);
}

function word(at: usize): u64 {
  return bswap<u64>(load<u64>(RESULT + at));
}

function isAtMost(high: u64, low: u64, limitHigh: u64, limitLow: u64): bool {
  return high < limitHigh || (high === limitHigh && low <= limitLow);
}
