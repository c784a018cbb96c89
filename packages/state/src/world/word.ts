// 32 bytes as eight numbers of 32 bits, least significant first: how machines hand over slots and values.
import { bytesToBigint } from "@festina/primitives";

export const WORD_NUMBERS = 8;
const WORD_BYTES = 32;
const RLP_STRING = 0x80;

/** Big-endian. */
export function wordToBytes(words: Uint32Array, at: number): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES);
  writeWord(words, at, bytes, 0);
  return bytes;
}

/** The same, into bytes that are there already. */
export function writeWord(words: Uint32Array, at: number, bytes: Uint8Array, to: number): void {
  for (let i = 0; i < WORD_NUMBERS; i++) {
    const number = words[at + i] as number;
    const end = to + WORD_BYTES - 4 * i;
    bytes[end - 1] = number;
    bytes[end - 2] = number >>> 8;
    bytes[end - 3] = number >>> 16;
    bytes[end - 4] = number >>> 24;
  }
}

/** Without leading zeros; empty for zero. */
export function wordToMinimalBytes(words: Uint32Array, at: number): Uint8Array {
  const length = significantBytes(words, at);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[length - 1 - i] = (words[at + (i >> 2)] as number) >>> (8 * (i & 3));
  return bytes;
}

/** The RLP of those bytes: their length before them, or a small one by itself. `null` for zero. */
export function wordToRlp(words: Uint32Array, at: number): Uint8Array | null {
  const length = significantBytes(words, at);
  if (length === 0) return null;
  const first = words[at] as number;
  if (length === 1 && first < RLP_STRING) return Uint8Array.of(first);
  const bytes = new Uint8Array(1 + length);
  bytes[0] = RLP_STRING + length;
  for (let i = 0; i < length; i++) bytes[length - i] = (words[at + (i >> 2)] as number) >>> (8 * (i & 3));
  return bytes;
}

/** How many bytes a word has without its leading zeros. */
function significantBytes(words: Uint32Array, at: number): number {
  let number = WORD_NUMBERS - 1;
  while (number >= 0 && words[at + number] === 0) number -= 1;
  return number < 0 ? 0 : 4 * number + 4 - (Math.clz32(words[at + number] as number) >> 3);
}

/** Of at most 32 big-endian bytes, which may lie among others. */
export function bytesToWord(bytes: Uint8Array, words: Uint32Array, at: number, from = 0, end = bytes.length): void {
  clearWord(words, at);
  for (let i = 0; i < end - from; i++) {
    const to = at + (i >> 2);
    words[to] = (words[to] as number) | ((bytes[end - 1 - i] as number) << (8 * (i & 3)));
  }
}

export function wordToBigint(words: Uint32Array, at: number): bigint {
  return isZeroWord(words, at) ? 0n : bytesToBigint(wordToBytes(words, at));
}

export function bigintToWord(value: bigint, words: Uint32Array, at: number): void {
  let rest = value;
  for (let i = 0; i < WORD_NUMBERS; i++) {
    words[at + i] = rest === 0n ? 0 : Number(rest & 0xffff_ffffn);
    rest >>= 32n;
  }
}

export function isZeroWord(words: Uint32Array, at: number): boolean {
  for (let i = at; i < at + WORD_NUMBERS; i++) if (words[i] !== 0) return false;
  return true;
}

/** For so few numbers, several times as fast as `fill`. */
export function clearWord(words: Uint32Array, at: number): void {
  for (let i = at; i < at + WORD_NUMBERS; i++) words[i] = 0;
}

export function copyWord(from: Uint32Array, at: number, to: Uint32Array, toAt: number): void {
  for (let i = 0; i < WORD_NUMBERS; i++) to[toAt + i] = from[at + i] as number;
}

export function isSameWord(a: Uint32Array, at: number, b: Uint32Array, bAt: number): boolean {
  for (let i = 0; i < WORD_NUMBERS; i++) if (a[at + i] !== b[bAt + i]) return false;
  return true;
}
