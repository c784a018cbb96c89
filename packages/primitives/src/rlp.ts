import { bigintToMinimalBytes, newBytes, numberToMinimalBytes } from "./bytes.ts";
import { fail, ok, type Result } from "./result.ts";

/** Recursive Length Prefix (Ethereum yellow paper, appendix B). Decoding accepts the one canonical encoding only. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** Nesting that any structure of the protocol stays below; deeper input is refused, so recursion is bounded. */
export const RLP_DEPTH_MAX = 16;

export type RlpFailureCode = "RLP_INVALID";

/** Bytes of the header of a string or list with so many bytes in it. */
function headerBytes(length: number): number {
  if (length < 56) return 1;
  let size = 1;
  for (let rest = length; rest >= 256; rest = Math.floor(rest / 256)) size++;
  return 1 + size;
}

const isByteItself = (item: Uint8Array): boolean => item.length === 1 && (item[0] as number) < 0x80;

/** Encoded size of `item`. Lengths of what lists hold go to `lists`, in the order in which the lists begin. */
function measure(item: RlpItem, lists: number[]): number {
  if (item instanceof Uint8Array) return isByteItself(item) ? 1 : headerBytes(item.length) + item.length;
  const place = lists.push(0) - 1;
  let length = 0;
  for (const child of item) length += measure(child, lists);
  lists[place] = length;
  return headerBytes(length) + length;
}

/** Writes into one buffer of the measured size, front to back. */
class RlpWriter {
  readonly bytes: Uint8Array;
  readonly #lists: readonly number[];
  #list = 0;
  #at = 0;

  constructor(size: number, lists: readonly number[]) {
    this.bytes = newBytes(size);
    this.#lists = lists;
  }

  write(item: RlpItem): void {
    if (!(item instanceof Uint8Array)) {
      this.#header(this.#lists[this.#list++] as number, 0xc0);
      for (const child of item) this.write(child);
      return;
    }
    if (!isByteItself(item)) this.#header(item.length, 0x80);
    this.bytes.set(item, this.#at);
    this.#at += item.length;
  }

  #header(length: number, offset: number): void {
    const size = headerBytes(length);
    if (size === 1) this.bytes[this.#at] = offset + length;
    else {
      this.bytes[this.#at] = offset + 54 + size;
      let rest = length;
      for (let i = size - 1; i > 0; i--) {
        this.bytes[this.#at + i] = rest % 256;
        rest = Math.floor(rest / 256);
      }
    }
    this.#at += size;
  }
}

export function encodeRlp(item: RlpItem): Uint8Array {
  const lists: number[] = [];
  const writer = new RlpWriter(measure(item, lists), lists);
  writer.write(item);
  return writer.bytes;
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

/** Most integers of the protocol are this small: one array for each value. */
const SMALL_INTEGERS: readonly Uint8Array[] = Array.from({ length: 256 }, (_, value) => numberToMinimalBytes(value));

/** Integers as RLP writes them: minimal big-endian. Not to be written to. */
export function rlpInteger(value: bigint | number): Uint8Array {
  const small = typeof value === "number" ? SMALL_INTEGERS[value] : undefined;
  if (small !== undefined) return small;
  return typeof value === "bigint" ? bigintToMinimalBytes(value) : numberToMinimalBytes(value);
}
