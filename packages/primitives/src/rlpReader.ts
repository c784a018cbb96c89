import { bytesToBigint } from "./bytes.ts";
import { type Address, type Hash32, toAddress, toHash32 } from "./hex.ts";
import { fail, ok, type Result } from "./result.ts";
import { decodeRlp, type RlpItem } from "./rlp.ts";

interface SizeRule {
  readonly exact?: number;
  readonly max?: number;
}

const NUMBER_SIZE: SizeRule = { max: 8 };
const HASH_SIZE: SizeRule = { exact: 32 };
const ADDRESS_SIZE: SizeRule = { exact: 20 };

/** Thrown inside `readRlp` only, and turned into a failure there; decoders stay free of error plumbing. */
class ShapeError extends Error {}

/**
 * Walks one decoded RLP list field by field. Each `take…` checks type, size and canonical form, and moves on.
 * Only usable inside `readRlp`, which turns the first broken expectation into a returned failure.
 */
export class RlpReader {
  readonly #items: readonly RlpItem[];
  readonly #name: string;
  #next = 0;

  constructor(item: RlpItem, name: string) {
    if (item instanceof Uint8Array) throw new ShapeError(`${name}: expected a list`);
    this.#items = item;
    this.#name = name;
  }

  get remaining(): number {
    return this.#items.length - this.#next;
  }

  #take(field: string): RlpItem {
    const item = this.#items[this.#next++];
    if (item === undefined) throw new ShapeError(`${this.#name}.${field}: missing`);
    return item;
  }

  /** A view into the input. */
  #view(field: string, size: SizeRule): Uint8Array {
    const item = this.#take(field);
    if (!(item instanceof Uint8Array)) throw new ShapeError(`${this.#name}.${field}: expected bytes`);
    if (size.exact !== undefined && item.length !== size.exact) {
      throw new ShapeError(`${this.#name}.${field}: expected ${size.exact} bytes, got ${item.length}`);
    }
    if (size.max !== undefined && item.length > size.max) {
      throw new ShapeError(`${this.#name}.${field}: more than ${size.max} bytes`);
    }
    return item;
  }

  /** Copies, so that what is kept does not hold the whole message alive. */
  bytes(field: string, size: SizeRule = {}): Uint8Array {
    return this.#view(field, size).slice();
  }

  hash(field: string): Hash32 {
    return toHash32(this.#view(field, HASH_SIZE));
  }

  address(field: string): Address {
    return toAddress(this.#view(field, ADDRESS_SIZE));
  }

  /** Empty bytes are `null`: the recipient of a contract creation. */
  addressOrNull(field: string): Address | null {
    const bytes = this.#view(field, { max: 20 });
    if (bytes.length === 0) return null;
    if (bytes.length !== 20) throw new ShapeError(`${this.#name}.${field}: expected 0 or 20 bytes`);
    return toAddress(bytes);
  }

  bigint(field: string, maxBytes = 32): bigint {
    const bytes = this.#view(field, { max: maxBytes });
    if (bytes[0] === 0) throw new ShapeError(`${this.#name}.${field}: leading zero`);
    return bytesToBigint(bytes);
  }

  /** An integer that JavaScript holds exactly (below 2^53). */
  number(field: string): number {
    const bytes = this.#view(field, NUMBER_SIZE);
    if (bytes[0] === 0) throw new ShapeError(`${this.#name}.${field}: leading zero`);
    let value = 0;
    for (let i = 0; i < bytes.length; i++) value = value * 256 + (bytes[i] as number);
    if (value > Number.MAX_SAFE_INTEGER) throw new ShapeError(`${this.#name}.${field}: too large`);
    return value;
  }

  boolean(field: string): boolean {
    const value = this.number(field);
    if (value > 1) throw new ShapeError(`${this.#name}.${field}: expected 0 or 1`);
    return value === 1;
  }

  /** A nested list, read by `read` with a reader of its own. */
  list<T>(field: string, read: (reader: RlpReader) => T): T {
    const reader = new RlpReader(this.#take(field), `${this.#name}.${field}`);
    const value = read(reader);
    reader.end();
    return value;
  }

  /** A list of like items, at most `max`. `read` takes one item from the reader it is given. */
  many<T>(field: string, max: number, read: (reader: RlpReader) => T): readonly T[] {
    const reader = new RlpReader(this.#take(field), `${this.#name}.${field}`);
    if (reader.remaining > max) throw new ShapeError(`${this.#name}.${field}: more than ${max} items`);
    const values: T[] = [];
    while (reader.remaining > 0) values.push(read(reader));
    return values;
  }

  /** The next item, undecoded: for nested structures with a decoder of their own. */
  item(field: string): RlpItem {
    return this.#take(field);
  }

  /** For rules beyond shape. */
  expect(condition: boolean, message: string): void {
    if (!condition) this.refuse(message);
  }

  refuse(message: string): never {
    throw new ShapeError(`${this.#name}: ${message}`);
  }

  end(): void {
    if (this.remaining > 0) throw new ShapeError(`${this.#name}: ${this.remaining} extra fields`);
  }
}

export type DecodeFailureCode = "DECODE_INVALID";

/** Decodes `input` (bytes or an already decoded item) as one structure called `name`. Nothing escapes but a value or a failure. */
export function readRlp<T>(
  input: RlpItem,
  name: string,
  read: (reader: RlpReader) => T,
  options: { readonly decoded?: boolean } = {},
): Result<T, DecodeFailureCode> {
  let item = input;
  if (!options.decoded && input instanceof Uint8Array) {
    const decoded = decodeRlp(input);
    if (!decoded.ok) return fail("DECODE_INVALID", `${name}: ${decoded.error.message}`);
    item = decoded.value;
  }
  try {
    const reader = new RlpReader(item, name);
    const value = read(reader);
    reader.end();
    return ok(value);
  } catch (error) {
    if (error instanceof ShapeError) return fail("DECODE_INVALID", error.message);
    throw error;
  }
}
