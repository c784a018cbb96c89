import type { Brand } from "./brand.ts";
import { fail, ok, type Result } from "./result.ts";

/** Lower-case `0x…` text with an even number of digits: bytes as people and JSON-RPC write them. */
export type Hex = `0x${string}`;

/** 32 bytes as lower-case hex. Text rather than bytes, so that `===` and map keys work (docs/adr/0002). */
export type Hash32 = Brand<Hex, "Hash32">;

/** 20 bytes as lower-case hex, never checksummed inside the system. */
export type Address = Brand<Hex, "Address">;

const HEX_BYTE: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
const HEX_TEXT = /^0x(?:[0-9a-fA-F]{2})*$/;

/** Character codes of each byte's two digits. */
const HEX_CODES = Uint8Array.from(HEX_BYTE.flatMap((digits) => [digits.charCodeAt(0), digits.charCodeAt(1)]));
/** Room for the text of hashes and addresses: strings made at once are flat, and half the work. */
const roomFor = (bytes: number): number[] => [0x30, 0x78, ...new Array<number>(2 * bytes).fill(0)];
const ADDRESS_CODES = roomFor(20);
const HASH_CODES = roomFor(32);

function shortText(bytes: Uint8Array, codes: number[]): Hex {
  for (let i = 0; i < bytes.length; i++) {
    const digits = 2 * (bytes[i] as number);
    codes[2 * i + 2] = HEX_CODES[digits] as number;
    codes[2 * i + 3] = HEX_CODES[digits + 1] as number;
  }
  return String.fromCharCode.apply(null, codes) as Hex;
}

export function bytesToHex(bytes: Uint8Array): Hex {
  if (bytes.length === 32) return shortText(bytes, HASH_CODES);
  if (bytes.length === 20) return shortText(bytes, ADDRESS_CODES);
  let text = "0x";
  for (let i = 0; i < bytes.length; i++) text += HEX_BYTE[bytes[i] as number];
  return text as Hex;
}

/** Value of a hex digit by character code; others have the bits above a digit's set. */
const NIBBLE = new Uint8Array(256).fill(0xff);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  NIBBLE[digit.charCodeAt(0)] = value;
  NIBBLE[digit.toUpperCase().charCodeAt(0)] = value;
}

/** @throws RangeError when the text is not `0x` and an even number of hex digits */
export function hexToBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, (hex.length - 2) >> 1));
  writeHex(hex, bytes, 0);
  return bytes;
}

/** Into `bytes` from an index on, which have room for them. @throws RangeError as `hexToBytes` does */
export function writeHex(hex: string, bytes: Uint8Array, at: number): void {
  if (hex.length % 2 === 1 || !hex.startsWith("0x")) throw new RangeError("not hex bytes");
  const length = (hex.length - 2) >> 1;
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const first = hex.charCodeAt(2 * i + 2);
    const second = hex.charCodeAt(2 * i + 3);
    const high = NIBBLE[first & 0xff] as number;
    const low = NIBBLE[second & 0xff] as number;
    // Character codes beyond the table have bits where no digit's value has any.
    seen |= high | low | ((first | second) & 0xff00);
    bytes[at + i] = (high << 4) | low;
  }
  if (seen > 0xf) throw new RangeError("not hex bytes");
}

export function isHex(text: unknown): text is Hex {
  return typeof text === "string" && HEX_TEXT.test(text);
}

/** From text of a user or peer. */
export function parseHash32(text: unknown): Result<Hash32, "HASH_INVALID"> {
  if (!isHex(text) || text.length !== 66) return fail("HASH_INVALID", "expected 0x and 64 hex digits");
  return ok(text.toLowerCase() as Hash32);
}

/** From text of a user or peer. Checksums are not required. */
export function parseAddress(text: unknown): Result<Address, "ADDRESS_INVALID"> {
  if (!isHex(text) || text.length !== 42) return fail("ADDRESS_INVALID", "expected 0x and 40 hex digits");
  return ok(text.toLowerCase() as Address);
}

/** From bytes that are known to be 32. @throws RangeError otherwise */
export function toHash32(bytes: Uint8Array): Hash32 {
  if (bytes.length !== 32) throw new RangeError(`a hash has 32 bytes, not ${bytes.length}`);
  return bytesToHex(bytes) as Hash32;
}

/** From bytes that are known to be 20. @throws RangeError otherwise */
export function toAddress(bytes: Uint8Array): Address {
  if (bytes.length !== 20) throw new RangeError(`an address has 20 bytes, not ${bytes.length}`);
  return bytesToHex(bytes) as Address;
}

export const ZERO_HASH = `0x${"00".repeat(32)}` as Hash32;
export const ZERO_ADDRESS = `0x${"00".repeat(20)}` as Address;
