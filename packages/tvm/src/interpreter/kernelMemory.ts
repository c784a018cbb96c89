// The kernel's memory in the host's types: words, addresses, hashes, bytes.
import { type Address, assert, EMPTY_BYTES, type Hash32, newBytes, toAddress, toHash32 } from "@festina/primitives";
import type { KernelExports } from "./kernel.ts";

export const WORD_BYTES = 32;
const PAGE_BYTES = 65_536;
/** So few bytes cost less without a buffer of their own (`newBytes`). */
const HEAP_BYTES_MAX = 64;
const U64_MAX = 2n ** 64n - 1n;

export class KernelMemory {
  readonly #kernel: KernelExports;
  readonly #addressBytes = new Uint8Array(20);
  readonly #hashBytes = new Uint8Array(WORD_BYTES);
  #bytes: Uint8Array;
  #numbers: Uint32Array;
  #view: DataView;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#numbers = new Uint32Array(kernel.memory.buffer);
    this.#view = new DataView(kernel.memory.buffer);
  }

  /** Memory that has grown is another buffer: the kernel grows it while it runs. */
  refresh(): void {
    // The buffer before has been detached: that is seen without asking for the new one, which costs as much as a slot.
    if (this.#bytes.length > 0) return;
    const { buffer } = this.#kernel.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#numbers = new Uint32Array(buffer);
    this.#view = new DataView(buffer);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same memory by fours of bytes. */
  get numbers(): Uint32Array {
    return this.#numbers;
  }

  /** @throws RangeError when the machine has no more */
  reach(end: number): void {
    const missing = end - this.#kernel.memory.buffer.byteLength;
    if (missing > 0) this.#kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.refresh();
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  setU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  u64(at: number): bigint {
    return smallAt(this.#view, at) ?? this.#view.getBigUint64(at, true);
  }

  setU64(at: number, value: bigint): void {
    this.#view.setBigUint64(at, value, true);
  }

  /** 64 bits that say less than 2^53. */
  integer(at: number): number {
    return this.#view.getUint32(at, true) + 2 ** 32 * this.#view.getUint32(at + 4, true);
  }

  word(at: number): bigint {
    const view = this.#view;
    // Most are small, and large integers are made only where they are needed.
    if (this.isZero(at + 16, 16)) {
      const low = this.u64(at);
      return this.isZero(at + 8, 8) ? low : (view.getBigUint64(at + 8, true) << 64n) | low;
    }
    const low = view.getBigUint64(at, true);
    const upper = (view.getBigUint64(at + 24, true) << 64n) | view.getBigUint64(at + 16, true);
    return (((upper << 64n) | view.getBigUint64(at + 8, true)) << 64n) | low;
  }

  /** Of bytes by fours, from an address that is a multiple of four. */
  isZero(at: number, length: number): boolean {
    for (let number = at >>> 2; number < (at + length) >>> 2; number++) if (this.#numbers[number] !== 0) return false;
    return true;
  }

  setWord(at: number, value: bigint): void {
    const view = this.#view;
    // Each writes the low 64 bits of what it is given.
    view.setBigUint64(at, value, true);
    if (value <= U64_MAX) {
      for (let number = (at + 8) >>> 2; number < (at + WORD_BYTES) >>> 2; number++) this.#numbers[number] = 0;
      return;
    }
    view.setBigUint64(at + 8, value >> 64n, true);
    view.setBigUint64(at + 16, value >> 128n, true);
    view.setBigUint64(at + 24, value >> 192n, true);
  }

  /** The low 20 bytes of a word. */
  address(at: number): Address {
    return toAddress(this.#reversed(at, this.#addressBytes));
  }

  setAddress(at: number, address: Address): void {
    assert(address.length === 42, "an address has 20 bytes");
    this.#setHex(at, address);
    for (let number = (at + 20) >>> 2; number < (at + WORD_BYTES) >>> 2; number++) this.#numbers[number] = 0;
  }

  /** A word that is there already. */
  copyWord(to: number, from: number): void {
    for (let i = 0; i < WORD_BYTES >>> 2; i++)
      this.#numbers[(to >>> 2) + i] = this.#numbers[(from >>> 2) + i] as number;
  }

  /** A word as 32 big-endian bytes in hex. */
  hash(at: number): Hash32 {
    return toHash32(this.#reversed(at, this.#hashBytes));
  }

  /** Words have their least significant byte first, texts have it last. */
  #reversed(at: number, into: Uint8Array): Uint8Array {
    for (let i = into.length - 1, from = at; i >= 0; i--, from++) into[i] = this.#bytes[from] as number;
    return into;
  }

  setHash(at: number, hash: Hash32): void {
    assert(hash.length === 66, "a hash has 32 bytes");
    this.#setHex(at, hash);
  }

  /** The last digits lie lowest. */
  #setHex(at: number, hex: string): void {
    for (let i = 0, digit = hex.length - 2; digit >= 2; i++, digit -= 2)
      this.#bytes[at + i] = 16 * digitAt(hex, digit) + digitAt(hex, digit + 1);
  }

  /** A copy. */
  read(at: number, length: number): Uint8Array {
    if (length === 0) return EMPTY_BYTES;
    if (length <= HEAP_BYTES_MAX) return this.#bytes.slice(at, at + length);
    const bytes = newBytes(length);
    bytes.set(this.#bytes.subarray(at, at + length));
    return bytes;
  }

  write(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }
}

/** Nonces and amounts of nothing are made once. */
const SMALL = Array.from({ length: 256 }, (_, value) => BigInt(value));

function smallAt(view: DataView, at: number): bigint | undefined {
  return view.getUint32(at + 4, true) === 0 ? SMALL[view.getUint32(at, true)] : undefined;
}

/** Value of a lower-case hex digit. */
function digitAt(hex: string, index: number): number {
  const code = hex.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}
