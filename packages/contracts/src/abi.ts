import {
  type Address,
  bigintToBytes,
  bytesToBigint,
  concatBytes,
  hexToBytes,
  padLeft,
  toAddress,
} from "@festina/primitives";

/** As much of Ethereum's contract ABI as the calls to the registry need. */

export const WORD_BYTES = 32;

export function encodeWord(value: bigint | number): Uint8Array {
  return bigintToBytes(BigInt(value), WORD_BYTES);
}

export function encodeAddressWord(address: Address): Uint8Array {
  return padLeft(hexToBytes(address), WORD_BYTES);
}

/** Length, then the bytes, filled up with zeros to whole words. */
export function encodeTail(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES);
  filled.set(bytes);
  return concatBytes(encodeWord(bytes.length), filled);
}

/** Thrown while reading, turned into a failure by the decoder that began it. */
export class AbiShapeError extends Error {}

/** Reads words at byte offsets from `base`, where an ABI tuple or array begins. */
export class AbiReader {
  readonly #bytes: Uint8Array;
  readonly #base: number;

  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  word(index: number): bigint {
    return bytesToBigint(this.slice(index * WORD_BYTES, WORD_BYTES));
  }

  /** An integer of at most `max`. */
  number(index: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.word(index);
    if (value > BigInt(max)) throw new AbiShapeError(`word ${index} is ${value}, more than ${max}`);
    return Number(value);
  }

  boolean(index: number): boolean {
    return this.number(index, 1) === 1;
  }

  address(index: number): Address {
    const bytes = this.slice(index * WORD_BYTES, WORD_BYTES);
    if (bytes.subarray(0, 12).some((byte) => byte !== 0)) throw new AbiShapeError(`word ${index} is no address`);
    return toAddress(bytes.subarray(12));
  }

  /** The reader of what the offset in word `index` points to. */
  at(index: number): AbiReader {
    return new AbiReader(this.#bytes, this.#base + this.number(index, this.#bytes.length));
  }

  /** The reader of what comes after the first word, whose offsets count from there: the elements of an array. */
  afterLength(): AbiReader {
    return new AbiReader(this.#bytes, this.#base + WORD_BYTES);
  }

  slice(offset: number, length: number): Uint8Array {
    const start = this.#base + offset;
    if (start + length > this.#bytes.length) throw new AbiShapeError(`${length} bytes at ${start} are cut off`);
    return this.#bytes.subarray(start, start + length);
  }
}
