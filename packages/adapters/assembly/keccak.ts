// Keccak-256 (rate 136, the padding before FIPS 202) with the state in locals. The host writes a message into the
// input area and calls `hash`; longer ones go through `reset`, `absorb` and `finish`, whole blocks at a time.

import { permute } from "./hashes/permutation";

const RATE: i32 = 136;
const INPUT_BYTES: i32 = 481 * RATE;
const MESSAGES_MAX: i32 = 2048;

const STATE: usize = memory.data(200, 16);
const LENGTHS: usize = memory.data(MESSAGES_MAX * 4, 16);
const OUTPUT: usize = memory.data(MESSAGES_MAX * 32, 16);
const INPUT: usize = memory.data(INPUT_BYTES, 16);
// The last block of a message is padded here, so that the message behind it stays whole.
const LAST_BLOCK: usize = memory.data(RATE, 16);

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

export function reset(): void {
  memory.fill(STATE, 0, 200);
}

/** Takes the first `length` bytes of the input area, a multiple of the rate. */
export function absorb(length: i32): void {
  absorbBlocks(INPUT, length);
}

/** Takes the last `length` bytes from the input area; the digest is at the output pointer. */
export function finish(length: i32): void {
  const rest = absorbBlocks(INPUT, length);
  squeeze(INPUT + <usize>(length - rest), rest, OUTPUT);
}

export function hashAt(message: usize, length: i32, output: usize): void {
  reset();
  const rest = absorbBlocks(message, length);
  squeeze(message + <usize>(length - rest), rest, output);
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

/** Pads and absorbs the last `length` bytes, fewer than a block, and writes the digest. */
function squeeze(last: usize, length: i32, output: usize): void {
  memory.copy(LAST_BLOCK, last, <usize>length);
  memory.fill(LAST_BLOCK + <usize>length, 0, <usize>(RATE - length));
  store<u8>(LAST_BLOCK + <usize>length, 0x01);
  const end = LAST_BLOCK + <usize>(RATE - 1);
  store<u8>(end, load<u8>(end) | 0x80);
  absorbBlock(LAST_BLOCK);
  memory.copy(output, STATE, 32);
}

function absorbBlock(block: usize): void {
  for (let lane = 0; lane < RATE; lane += 8) {
    const at = STATE + <usize>lane;
    store<u64>(at, load<u64>(at) ^ load<u64>(block + <usize>lane));
  }
  permute(STATE);
}
