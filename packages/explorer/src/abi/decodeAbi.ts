// Bytes of a call, an answer or a log into values. The bytes are anybody's: every length is checked, and bounded.
import { bytesToHex, fail, ok, type Result } from "@festina/primitives";
import { type AbiField, type AbiType, headBytes, isDynamic } from "./abiType.ts";

export type AbiValue = bigint | boolean | string | readonly AbiValue[];

/** All elements of arrays of one decoding together. */
const ELEMENTS_MAX = 10_000;
const WORD_BYTES = 32;

class MalformedError extends Error {}

class Reader {
  readonly #bytes: Uint8Array;
  #elements = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  slice(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw new MalformedError(`${length} bytes at ${at} are cut off`);
    return this.#bytes.subarray(at, at + length);
  }

  word(at: number): bigint {
    let value = 0n;
    for (const byte of this.slice(at, WORD_BYTES)) value = (value << 8n) | BigInt(byte);
    return value;
  }

  length(at: number): number {
    const value = this.word(at);
    if (value > BigInt(this.#bytes.length)) throw new MalformedError(`a length of ${value} at ${at}`);
    return Number(value);
  }

  count(elements: number): void {
    this.#elements += elements;
    if (this.#elements > ELEMENTS_MAX) throw new MalformedError(`more than ${ELEMENTS_MAX} elements`);
  }

  /** `base` is where the head that holds `at` begins. */
  value(type: AbiType, base: number, at: number): AbiValue {
    const place = isDynamic(type) ? base + this.length(at) : at;
    switch (type.kind) {
      case "uint":
        return BigInt.asUintN(type.bits, this.word(place));
      case "int":
        return BigInt.asIntN(type.bits, this.word(place));
      case "bool":
        return this.word(place) !== 0n;
      case "address":
        return bytesToHex(this.slice(place + 12, 20));
      case "fixedBytes":
        this.slice(place, WORD_BYTES);
        return bytesToHex(this.slice(place, type.size));
      case "bytes":
        return bytesToHex(this.slice(place + WORD_BYTES, this.length(place)));
      case "string":
        return new TextDecoder().decode(this.slice(place + WORD_BYTES, this.length(place)));
      case "array": {
        const length = type.length ?? this.length(place);
        const start = type.length === null ? place + WORD_BYTES : place;
        return this.sequence(new Array<AbiType>(this.#checked(length)).fill(type.item), start);
      }
      case "tuple":
        return this.sequence(
          type.fields.map((field) => field.type),
          place,
        );
    }
  }

  sequence(types: readonly AbiType[], base: number): readonly AbiValue[] {
    this.count(types.length);
    let at = base;
    return types.map((type) => {
      const value = this.value(type, base, at);
      at += headBytes(type);
      return value;
    });
  }

  #checked(length: number): number {
    if (length > ELEMENTS_MAX) throw new MalformedError(`${length} elements`);
    return length;
  }
}

/** The values of the fields, in their order. */
export function decodeAbi(
  fields: readonly AbiField[],
  bytes: Uint8Array,
): Result<readonly AbiValue[], "ABI_MALFORMED"> {
  try {
    return ok(
      new Reader(bytes).sequence(
        fields.map(({ type }) => type),
        0,
      ),
    );
  } catch (error) {
    if (!(error instanceof MalformedError) && !(error instanceof RangeError)) throw error;
    return fail("ABI_MALFORMED", error.message);
  }
}
