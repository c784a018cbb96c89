/** Byte strings. Functions never change their arguments; results are fresh unless said otherwise. */

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
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

/** Big-endian, `lengthBytes` wide. @throws RangeError when the value is negative or does not fit */
export function bigintToBytes(value: bigint, lengthBytes: number): Uint8Array {
  if (value < 0n || value >> BigInt(lengthBytes * 8) !== 0n) {
    throw new RangeError(`${value} does not fit ${lengthBytes} bytes`);
  }
  const bytes = new Uint8Array(lengthBytes);
  let rest = value;
  for (let i = lengthBytes - 1; i >= 0 && rest > 0n; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

const HEX_BYTE: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/** Big-endian; empty bytes are zero. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  let digits = "0x";
  for (const byte of bytes) digits += HEX_BYTE[byte];
  return BigInt(digits);
}

/** Big-endian without leading zeros; zero is empty. This is how RLP writes integers. */
export function bigintToMinimalBytes(value: bigint): Uint8Array {
  if (value < 0n) throw new RangeError(`${value} is negative`);
  if (value === 0n) return EMPTY_BYTES;
  let digits = value.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Left-padded with zeros. @throws RangeError when already longer */
export function padLeft(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  if (bytes.length > lengthBytes) throw new RangeError(`${bytes.length} bytes do not fit ${lengthBytes}`);
  const padded = new Uint8Array(lengthBytes);
  padded.set(bytes, lengthBytes - bytes.length);
  return padded;
}
