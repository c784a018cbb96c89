import { bigintToMinimalBytes, newBytes, numberToMinimalBytes } from "./bytes.ts";
import { fail, ok, type Result } from "./result.ts";

/** Recursive Length Prefix (Ethereum yellow paper, appendix B). Decoding accepts the one canonical encoding only. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** What is encoded: items, and between them what was encoded before. */
export type RlpSource = Uint8Array | RlpEncoded | readonly RlpSource[];

/** One item that is encoded already: part of many structures, encoded once. */
export class RlpEncoded {
  readonly bytes: Uint8Array;

  constructor(item: RlpSource) {
    this.bytes = encodeRlp(item);
  }
}

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
function measure(item: RlpSource, lists: number[]): number {
  if (item instanceof Uint8Array) return isByteItself(item) ? 1 : headerBytes(item.length) + item.length;
  if (item instanceof RlpEncoded) return item.bytes.length;
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

  write(item: RlpSource): void {
    if (item instanceof RlpEncoded) {
      this.bytes.set(item.bytes, this.#at);
      this.#at += item.bytes.length;
      return;
    }
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

export function encodeRlp(item: RlpSource): Uint8Array {
  const lists: number[] = [];
  const writer = new RlpWriter(measure(item, lists), lists);
  writer.write(item);
  return writer.bytes;
}

const INVALID = "RLP_INVALID" as const;

/** Reads items front to back. What the last header said stands in fields, so that reading makes nothing but the items. */
class RlpCursor {
  readonly #bytes: Uint8Array;
  #start = 0;
  #end = 0;
  #isList = false;
  /** Why it went no further. */
  fault = "";

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where the item ends that was read last. */
  get end(): number {
    return this.#end;
  }

  /** `null` when there is a fault. */
  read(offset: number, limit: number, depth: number): RlpItem | null {
    this.fault = this.#readHeader(offset, limit);
    if (this.fault !== "") return null;
    const end = this.#end;
    if (!this.#isList) return this.#bytes.subarray(this.#start, end);
    if (depth >= RLP_DEPTH_MAX) {
      this.fault = "nesting is too deep";
      return null;
    }
    const items: RlpItem[] = [];
    for (let position = this.#start; position < end; position = this.#end) {
      const item = this.read(position, end, depth + 1);
      if (item === null) return null;
      items.push(item);
    }
    this.#end = end;
    return items;
  }

  #readHeader(offset: number, limit: number): string {
    if (offset >= limit) return "item is missing";
    const bytes = this.#bytes;
    const first = bytes[offset] as number;
    this.#isList = first >= 0xc0;
    if (first < 0x80) {
      this.#start = offset;
      this.#end = offset + 1;
      return "";
    }
    let start = offset + 1;
    let length = first - (this.#isList ? 0xc0 : 0x80);
    if (length > 55) {
      const sizeBytes = length - 55;
      if (start + sizeBytes > limit) return "length is cut off";
      if (sizeBytes > 6) return "length is too large";
      if (bytes[start] === 0) return "length has a leading zero";
      length = 0;
      for (let i = 0; i < sizeBytes; i++) length = length * 256 + (bytes[start + i] as number);
      if (length < 56) return "length is not in short form";
      start += sizeBytes;
    }
    if (start + length > limit) return "item is cut off";
    if (!this.#isList && length === 1 && (bytes[start] as number) < 0x80) return "single byte is not in short form";
    this.#start = start;
    this.#end = start + length;
    return "";
  }
}

/** Decodes exactly one item. Byte strings are views into the input, not copies. */
export function decodeRlp(bytes: Uint8Array): Result<RlpItem, RlpFailureCode> {
  const cursor = new RlpCursor(bytes);
  const item = cursor.read(0, bytes.length, 0);
  if (item === null) return fail(INVALID, cursor.fault);
  if (cursor.end !== bytes.length) return fail(INVALID, "bytes follow the item");
  return ok(item);
}

/** Most integers of the protocol are this small: one array for each value. */
const SMALL_INTEGERS: readonly Uint8Array[] = Array.from({ length: 256 }, (_, value) => numberToMinimalBytes(value));

/** Integers as RLP writes them: minimal big-endian. Not to be written to. */
export function rlpInteger(value: bigint | number): Uint8Array {
  const small = typeof value === "number" ? SMALL_INTEGERS[value] : undefined;
  if (small !== undefined) return small;
  return typeof value === "bigint" ? bigintToMinimalBytes(value) : numberToMinimalBytes(value);
}
