// TrueHash as its definition reads, in JavaScript: what the kernel's gain is measured against, and its oracle.
import { createHash } from "node:crypto";

const ROUNDS = 64;
const ROWS = 2_048;
/** A row or the state in words of 32 bits. */
const WORDS = ROWS / 32;
const SEED_BYTES = 64;

/** @typedef {(sealHash: Uint8Array, nonce: bigint) => Uint8Array} TrueHash */

/** Over the whole data set, as the original client does it. @param {Uint8Array} dataSet the 8 MiB @returns {TrueHash} */
export function createPlainTruehash(dataSet) {
  // Signed words stay machine integers in V8.
  const rows = new Int32Array(dataSet.buffer, dataSet.byteOffset, dataSet.length / 4);
  return createTruehash((table, state) => multiply(rows, table, state));
}

/** Over the ones alone, four columns a row. @param {Uint16Array} columns @returns {TrueHash} */
export function createSparseTruehash(columns) {
  return createTruehash((table, state) => multiplyOnes(columns, table, state));
}

function createTruehash(product) {
  return (sealHash, nonce) => {
    let state = expandSeed(sealHash, nonce);
    for (let round = 0; round < ROUNDS; round++) {
      const shift = state[0] & 0x7f;
      const table = state[WORDS - 1] >>> 28;
      state = rotate(product(table, state), shift);
    }
    const bytes = Buffer.from(state.buffer);
    return createHash("sha3-256").update(bytes.swap32()).digest();
  };
}

function expandSeed(sealHash, nonce) {
  const seed = Buffer.alloc(SEED_BYTES);
  seed.writeUInt32BE(Number(nonce & 0xffff_ffffn), 0);
  seed.writeUInt32BE(Number(nonce >> 32n), 4);
  seed.set(sealHash, 8);
  const hash = createHash("sha3-512").update(seed).digest().reverse();
  return new Int32Array(new Uint8Array(Buffer.concat([hash, hash, hash, hash])).buffer);
}

/** Every bit of the result is the parity of a row and the state. */
function multiply(rows, table, state) {
  const result = new Int32Array(WORDS);
  for (let row = 0; row < ROWS; row++) {
    const at = (table * ROWS + row) * WORDS;
    let sum = 0;
    for (let word = 0; word < WORDS; word++) sum ^= rows[at + word] & state[word];
    sum ^= sum >>> 16;
    sum ^= sum >>> 8;
    sum ^= sum >>> 4;
    sum ^= sum >>> 2;
    sum ^= sum >>> 1;
    result[row >>> 5] |= (sum & 1) << (row & 31);
  }
  return result;
}

/** Columns beyond the state, which stand for none, read zeros. */
function multiplyOnes(columns, table, state) {
  const bits = new Uint8Array(2 * ROWS);
  for (let at = 0; at < ROWS; at++) bits[at] = (state[at >>> 5] >>> (at & 31)) & 1;
  const result = new Int32Array(WORDS);
  for (let row = 0; row < ROWS; row++) {
    const at = (table * ROWS + row) * 4;
    const sum = bits[columns[at]] ^ bits[columns[at + 1]] ^ bits[columns[at + 2]] ^ bits[columns[at + 3]];
    result[row >>> 5] |= sum << (row & 31);
  }
  return result;
}

/** Towards bit 0. */
function rotate(state, shift) {
  const words = shift >>> 5;
  const bits = shift & 31;
  return state.map((_, at) => {
    const low = state[(at + words) % WORDS];
    const high = state[(at + words + 1) % WORDS];
    return bits === 0 ? low : (low >>> bits) | (high << (32 - bits));
  });
}
