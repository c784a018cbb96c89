// Keccak-256 (rate 136, the padding before FIPS 202) with the state in locals. The host writes a message into the
// input area and calls `hash`; longer ones go through `reset`, `absorb` and `finish`, whole blocks at a time.

import { permute, permuteToDigest, STATE } from "./hashes/permutation";

const RATE: i32 = 136;
const INPUT_BYTES: i32 = 481 * RATE;
const MESSAGES_MAX: i32 = 2048;

/** The end of the padding. */
const LAST_BIT: u64 = 0x8000_0000_0000_0000;

const LENGTHS: usize = memory.data(MESSAGES_MAX * 4, 16);
const OUTPUT: usize = memory.data(MESSAGES_MAX * 32, 16);
const INPUT: usize = memory.data(INPUT_BYTES, 16);

export function inputPointer(): usize {
  return INPUT;
}

export function outputPointer(): usize {
  return OUTPUT;
}

/** Where `hashMany` reads the messages' lengths: one u32 each. */
export function lengthsPointer(): usize {
  return LENGTHS;
}

export function inputBytesMax(): i32 {
  return INPUT_BYTES;
}

export function messagesMax(): i32 {
  return MESSAGES_MAX;
}

/** Hashes the first `length` bytes of the input area; the digest is at the output pointer. */
export function hash(length: i32): void {
  hashAt(INPUT, length, OUTPUT);
}

/** Hashes `count` messages that lie one after the other in the input area; digests follow one another. */
export function hashMany(count: i32): void {
  let message = INPUT;
  for (let i = 0; i < count; i++) {
    const length = load<i32>(LENGTHS + ((<usize>i) << 2));
    hashAt(message, length, OUTPUT + ((<usize>i) << 5));
    message += <usize>length;
  }
}

/** Stores one by one: a hash of one block, as most are, would spend a tenth of its time in calls that fill and copy. */
export function reset(): void {
  for (let at: usize = 0; at < 192; at += 16) v128.store(STATE + at, i64x2.splat(0));
  store<u64>(STATE, 0, 192);
}

/** Takes the first `length` bytes of the input area, a multiple of the rate. */
export function absorb(length: i32): void {
  absorbBlocks(INPUT, length);
}

/** Takes the last `length` bytes from the input area; the digest is at the output pointer. */
export function finish(length: i32): void {
  const rest = absorbBlocks(INPUT, length);
  squeeze(INPUT + <usize>(length - rest), rest);
  writeDigest(OUTPUT);
}

export function hashAt(message: usize, length: i32, output: usize): void {
  digestOf(message, length);
  writeDigest(output);
}

/** Leaves the digest in the first four lanes of the state. */
export function digestOf(message: usize, length: i32): void {
  if (length < RATE) return hashBlock(message, <usize>length);
  reset();
  const rest = absorbBlocks(message, length);
  squeeze(message + <usize>(length - rest), rest);
}

/** Of less than a block, as most are: the state is what is hashed, with its padding, and zeros. */
function hashBlock(message: usize, length: usize): void {
  reset();
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) store<u64>(STATE + at, load<u64>(message + at));
  store<u64>(STATE + at, lastLane(message, at, length));
  absorbLane(<usize>RATE - 8, LAST_BIT);
  permuteToDigest();
}

/** Absorbs whole blocks; answers how many bytes are left over. */
function absorbBlocks(message: usize, length: i32): i32 {
  let position = message;
  let rest = length;
  while (rest >= RATE) {
    absorbBlock(position);
    position += RATE;
    rest -= RATE;
  }
  return rest;
}

/** Pads and absorbs the last `length` bytes, fewer than a block, and permutes as far as the digest. */
function squeeze(last: usize, length: i32): void {
  let at: usize = 0;
  for (; at + 8 <= <usize>length; at += 8) absorbLane(at, load<u64>(last + at));
  absorbLane(at, lastLane(last, at, <usize>length));
  absorbLane(<usize>RATE - 8, LAST_BIT);
  permuteToDigest();
}

/** What is left of the message from `at` on, and the first byte of the padding behind it. */
function lastLane(message: usize, at: usize, length: usize): u64 {
  let lane: u64 = 0x01;
  for (let byte = length; byte > at; byte--) lane = (lane << 8) | <u64>load<u8>(message + byte - 1);
  return lane;
}

function writeDigest(output: usize): void {
  for (let at: usize = 0; at < 32; at += 8) store<u64>(output + at, load<u64>(STATE + at));
}

function absorbLane(at: usize, lane: u64): void {
  store<u64>(STATE + at, load<u64>(STATE + at) ^ lane);
}

function absorbBlock(block: usize): void {
  for (let at: usize = 0; at < <usize>RATE; at += 8) absorbLane(at, load<u64>(block + at));
  permute();
}
