import { type Hash32, hexToBytes, readRlp, writeHex } from "@festina/primitives";
import { type Account, EMPTY_ACCOUNT } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";

/** An account with the root of its storage: the leaf of the state trie, and what the flat table keeps. */
export interface AccountRecord extends Account {
  readonly storageRoot: Hash32;
}

/** Most accounts have no storage and no code: two hashes that need not be read from text again and again. */
const EMPTY_HASHES = new Map<Hash32, Uint8Array>(
  [EMPTY_ROOT, EMPTY_ACCOUNT.codeHash].map((hash) => [hash, hexToBytes(hash)]),
);

const WORD_BYTES = 32;
const U64_MAX = 2n ** 64n - 1n;
const STRING = 0x80;
/** Of a list whose length takes one byte: with two hashes it has 68 to 109 bytes. */
const LONG_LIST = 0xf8;
const HASH_ITEM_BYTES = 1 + WORD_BYTES;

/** A word, of which an integer takes what it needs. */
const word = new DataView(new ArrayBuffer(WORD_BYTES));
const wordBytes = new Uint8Array(word.buffer);

/** Records stay in memory as leaves of tries, each for as long as it is the newest: so few share a buffer. */
const SLAB_BYTES = 1_024;
let slab = new ArrayBuffer(SLAB_BYTES);
let slabUsed = 0;

function newRecordBytes(length: number): Uint8Array {
  if (slabUsed + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  const bytes = new Uint8Array(slab, slabUsed, length);
  slabUsed += length;
  return bytes;
}

/** Into the end of `word`. @returns how many bytes it takes */
function writeInteger(value: bigint): number {
  // Each writes the low 64 bits of what it is given.
  word.setBigUint64(24, value);
  const upper = value >> 64n;
  word.setBigUint64(16, upper);
  const hasUpper = upper > U64_MAX;
  word.setBigUint64(8, hasUpper ? upper >> 64n : 0n);
  word.setBigUint64(0, hasUpper ? upper >> 128n : 0n);
  let at = 0;
  while (at < WORD_BYTES && wordBytes[at] === 0) at += 1;
  return WORD_BYTES - at;
}

/** @returns where it ends */
function putInteger(to: Uint8Array, at: number, length: number): number {
  const last = wordBytes[WORD_BYTES - 1] as number;
  if (length === 1 && last < STRING) {
    to[at] = last;
    return at + 1;
  }
  to[at] = STRING + length;
  for (let i = 0; i < length; i++) to[at + 1 + i] = wordBytes[WORD_BYTES - length + i] as number;
  return at + 1 + length;
}

/** @returns where it ends */
function putHash(to: Uint8Array, at: number, hash: Hash32): number {
  to[at] = STRING + WORD_BYTES;
  const known = EMPTY_HASHES.get(hash);
  if (known === undefined) writeHex(hash, to, at + 1);
  else to.set(known, at + 1);
  return at + HASH_ITEM_BYTES;
}

/** rlp([nonce, balance, storageRoot, codeHash]) (yellow paper, section 4.1). Written at once: a block has many of them. */
export function encodeAccountRecord({ nonce, balanceWei, storageRoot, codeHash }: AccountRecord): Uint8Array {
  // Nearly all nonces are one byte of their own.
  const isSmall = nonce > 0n && nonce < STRING;
  const nonceBytes = isSmall ? 1 : writeInteger(nonce);
  const nonceItem = isSmall ? 1 : 1 + nonceBytes;
  const balanceBytes = writeInteger(balanceWei);
  const balanceItem = balanceBytes === 1 && balanceWei < STRING ? 1 : 1 + balanceBytes;
  const length = nonceItem + balanceItem + 2 * HASH_ITEM_BYTES;
  const encoded = newRecordBytes(2 + length);
  encoded[0] = LONG_LIST;
  encoded[1] = length;
  putInteger(encoded, 2 + nonceItem, balanceBytes);
  if (isSmall) encoded[2] = Number(nonce);
  else {
    writeInteger(nonce);
    putInteger(encoded, 2, nonceBytes);
  }
  putHash(encoded, putHash(encoded, 2 + nonceItem + balanceItem, storageRoot), codeHash);
  return encoded;
}

/** `null` when the bytes are no account: the store is damaged. */
export function decodeAccountRecord(bytes: Uint8Array): AccountRecord | null {
  const decoded = readRlp(bytes, "account", (reader) => ({
    nonce: reader.bigint("nonce", 8),
    balanceWei: reader.bigint("balance"),
    storageRoot: reader.hash("storageRoot"),
    codeHash: reader.hash("codeHash"),
  }));
  return decoded.ok ? decoded.value : null;
}
