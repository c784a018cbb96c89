/** Byte strings. Functions never change their arguments; results are fresh unless said otherwise. */

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Up to this length an array lives in the heap of JavaScript, where it costs little. */
const HEAP_BYTES_MAX = 64;
const SLAB_BYTES = 8_192;
const SHARING_BYTES_MAX = 1_024;
const ALIGNMENT = 8;

let slab = new ArrayBuffer(SLAB_BYTES);
let slabUsed = 0;

/**
 * Zeroed bytes. Those of middle length share a buffer with others, which takes a tenth of the time of one for each; so
 * `.buffer` of what comes from here is nobody's business, and what stays in memory for long while its neighbours go is
 * better copied with `slice`.
 */
export function newBytes(length: number): Uint8Array {
  if (length <= HEAP_BYTES_MAX || length > SHARING_BYTES_MAX) return new Uint8Array(length);
  if (slabUsed + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  const bytes = new Uint8Array(slab, slabUsed, length);
  slabUsed += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  return bytes;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = newBytes(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order: negative, zero or positive. A prefix sorts before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Numbers up to here are exact, and much faster than big integers. */
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const SAFE_BYTES = 6;

/** From the end of `bytes` backwards; `value` is not negative and fits. */
function writeSafe(bytes: Uint8Array, value: number): void {
  let rest = value;
  for (let i = bytes.length - 1; rest > 0; i--) {
    const byte = rest % 256;
    bytes[i] = byte;
    rest = (rest - byte) / 256;
  }
}

const digitAt = (digits: string, index: number): number => {
  const code = digits.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
};

/** As `writeSafe`, of any size: from its digits in hex. */
function writeDigits(bytes: Uint8Array, digits: string): void {
  let at = bytes.length - 1;
  for (let end = digits.length - 1; end >= 0; end -= 2, at--)
    bytes[at] = end === 0 ? digitAt(digits, 0) : 16 * digitAt(digits, end - 1) + digitAt(digits, end);
}

/** Big-endian, `lengthBytes` wide. @throws RangeError when the value is negative or does not fit */
export function bigintToBytes(value: bigint, lengthBytes: number): Uint8Array {
  if (value < 0n || value >> BigInt(lengthBytes * 8) !== 0n) {
    throw new RangeError(`${value} does not fit ${lengthBytes} bytes`);
  }
  const bytes = new Uint8Array(lengthBytes);
  if (value <= SAFE_MAX) writeSafe(bytes, Number(value));
  else writeDigits(bytes, value.toString(16));
  return bytes;
}

const HEX_BYTE: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/** Big-endian; empty bytes are zero. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length <= SAFE_BYTES) {
    let value = 0;
    for (let i = 0; i < bytes.length; i++) value = value * 256 + (bytes[i] as number);
    return BigInt(value);
  }
  let digits = "0x";
  for (let i = 0; i < bytes.length; i++) digits += HEX_BYTE[bytes[i] as number];
  return BigInt(digits);
}

/** Big-endian without leading zeros; zero is empty. This is how RLP writes integers. @throws RangeError when negative */
export function bigintToMinimalBytes(value: bigint): Uint8Array {
  if (value < 0n) throw new RangeError(`${value} is negative`);
  if (value <= SAFE_MAX) return numberToMinimalBytes(Number(value));
  const digits = value.toString(16);
  const bytes = new Uint8Array((digits.length + 1) >> 1);
  writeDigits(bytes, digits);
  return bytes;
}

/** The same for a whole number that is exact. @throws RangeError when it is not one */
export function numberToMinimalBytes(value: number): Uint8Array {
  if (value < 0 || !Number.isSafeInteger(value)) throw new RangeError(`${value} is no exact natural number`);
  if (value === 0) return EMPTY_BYTES;
  let length = 1;
  for (let rest = value; rest >= 256; rest = Math.floor(rest / 256)) length++;
  const bytes = new Uint8Array(length);
  writeSafe(bytes, value);
  return bytes;
}

/** Left-padded with zeros. @throws RangeError when already longer */
export function padLeft(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  if (bytes.length > lengthBytes) throw new RangeError(`${bytes.length} bytes do not fit ${lengthBytes}`);
  const padded = new Uint8Array(lengthBytes);
  padded.set(bytes, lengthBytes - bytes.length);
  return padded;
}
