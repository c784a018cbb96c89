import { bigintToMinimalBytes, concatBytes } from "./bytes.ts";
import { fail, ok, type Result } from "./result.ts";

/** Recursive Length Prefix (Ethereum yellow paper, appendix B). Decoding accepts the one canonical encoding only. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** Nesting that any structure of the protocol stays below; deeper input is refused, so recursion is bounded. */
export const RLP_DEPTH_MAX = 16;

export type RlpFailureCode = "RLP_INVALID";

function header(lengthBytes: number, offset: number): Uint8Array {
  if (lengthBytes < 56) return Uint8Array.of(offset + lengthBytes);
  const size = bigintToMinimalBytes(BigInt(lengthBytes));
  return concatBytes(Uint8Array.of(offset + 55 + size.length), size);
}

export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && (item[0] as number) < 0x80) return item.slice();
    return concatBytes(header(item.length, 0x80), item);
  }
  const body = concatBytes(...item.map(encodeRlp));
  return concatBytes(header(body.length, 0xc0), body);
}

interface Span {
  readonly isList: boolean;
  readonly start: number;
  readonly end: number;
}

const INVALID = "RLP_INVALID" as const;

function readSpan(bytes: Uint8Array, offset: number, limit: number): Span | string {
  if (offset >= limit) return "item is missing";
  const first = bytes[offset] as number;
  if (first < 0x80) return { isList: false, start: offset, end: offset + 1 };
  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  let start = offset + 1;
  let length = short;
  if (short > 55) {
    const sizeBytes = short - 55;
    if (start + sizeBytes > limit) return "length is cut off";
    if (sizeBytes > 6) return "length is too large";
    if (bytes[start] === 0) return "length has a leading zero";
    length = 0;
    for (let i = 0; i < sizeBytes; i++) length = length * 256 + (bytes[start + i] as number);
    if (length < 56) return "length is not in short form";
    start += sizeBytes;
  }
  if (start + length > limit) return "item is cut off";
  if (!isList && length === 1 && (bytes[start] as number) < 0x80) return "single byte is not in short form";
  return { isList, start, end: start + length };
}

function decodeAt(
  bytes: Uint8Array,
  offset: number,
  limit: number,
  depth: number,
): { item: RlpItem; end: number } | string {
  const span = readSpan(bytes, offset, limit);
  if (typeof span === "string") return span;
  if (!span.isList) return { item: bytes.subarray(span.start, span.end), end: span.end };
  if (depth >= RLP_DEPTH_MAX) return "nesting is too deep";
  const items: RlpItem[] = [];
  let position = span.start;
  while (position < span.end) {
    const child = decodeAt(bytes, position, span.end, depth + 1);
    if (typeof child === "string") return child;
    items.push(child.item);
    position = child.end;
  }
  return { item: items, end: span.end };
}

/** Decodes exactly one item. Byte strings are views into the input, not copies. */
export function decodeRlp(bytes: Uint8Array): Result<RlpItem, RlpFailureCode> {
  const decoded = decodeAt(bytes, 0, bytes.length, 0);
  if (typeof decoded === "string") return fail(INVALID, decoded);
  if (decoded.end !== bytes.length) return fail(INVALID, "bytes follow the item");
  return ok(decoded.item);
}

/** Integers as RLP writes them: minimal big-endian. */
export function rlpInteger(value: bigint | number): Uint8Array {
  return bigintToMinimalBytes(BigInt(value));
}
