// Points of a curve between the bytes that contracts have and the library's memory.
import { bigintToBytes, compareBytes } from "@festina/primitives";
import { type CurveName, createMcl, FP_BYTES, FP2_BYTES, FR_BYTES, type Mcl, type MclExports } from "./mcl.ts";

export interface CurveShape {
  readonly name: CurveName;
  /** Coordinates are below it. */
  readonly modulus: bigint;
  /** Of a coordinate in contracts' bytes. */
  readonly coordinateBytes: number;
  /** Whether the second part of a coordinate in the extended field comes first. */
  readonly isImaginaryFirst: boolean;
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** What a computation borrows of the library's memory is at `place(bytes)` until it gives all back. */
export interface Borrowed {
  place(bytes: number): number;
  giveBack(): void;
}

export class Curve {
  readonly calls: MclExports;
  readonly #mcl: Mcl;
  readonly #modulus: Uint8Array;
  readonly #isImaginaryFirst: boolean;
  /** Bytes on their way in or out. */
  readonly #passage: number;

  constructor({ name, modulus, coordinateBytes, isImaginaryFirst }: CurveShape) {
    this.#mcl = createMcl(name);
    this.calls = this.#mcl.calls;
    this.#modulus = bigintToBytes(modulus, coordinateBytes);
    this.#isImaginaryFirst = isImaginaryFirst;
    this.#passage = this.calls.malloc(coordinateBytes);
  }

  get coordinateBytes(): number {
    return this.#modulus.length;
  }

  get g1Bytes(): number {
    return 2 * this.coordinateBytes;
  }

  get g2Bytes(): number {
    return 4 * this.coordinateBytes;
  }

  borrow(): Borrowed {
    const places: number[] = [];
    return {
      place: (bytes) => {
        const at = this.calls.malloc(bytes);
        places.push(at);
        return at;
      },
      giveBack: () => {
        for (const at of places.splice(0)) this.calls.free(at);
      },
    };
  }

  copy(to: number, from: number, bytes: number): void {
    this.#mcl.bytes().copyWithin(to, from, from + bytes);
  }

  /** @returns false when it is no coordinate: not below the modulus */
  readFp(at: number, bytes: Uint8Array): boolean {
    if (compareBytes(bytes, this.#modulus) >= 0) return false;
    this.#mcl.bytes().set(bytes, this.#passage);
    this.calls.mclBnFp_setBigEndianMod(at, this.#passage, bytes.length);
    return true;
  }

  readFp2(at: number, bytes: Uint8Array): boolean {
    const half = this.coordinateBytes;
    const [real, imaginary] = this.#isImaginaryFirst ? [half, 0] : [0, half];
    return (
      this.readFp(at, bytes.subarray(real, real + half)) &&
      this.readFp(at + FP_BYTES, bytes.subarray(imaginary, imaginary + half))
    );
  }

  /** A number of 32 bytes, taken modulo the order of the group. */
  readScalar(at: number, bytes: Uint8Array): void {
    this.#mcl.bytes().set(bytes, this.#passage);
    this.calls.mclBnFr_setBigEndianMod(at, this.#passage, FR_BYTES);
  }

  /** Two coordinates, or zeros for infinity. @returns false when it is no point of the curve */
  readG1(at: number, bytes: Uint8Array): boolean {
    const { calls, coordinateBytes } = this;
    if (isZero(bytes)) {
      calls.mclBnG1_clear(at);
      return true;
    }
    if (!this.readFp(at, bytes.subarray(0, coordinateBytes))) return false;
    if (!this.readFp(at + FP_BYTES, bytes.subarray(coordinateBytes))) return false;
    calls.mclBnFp_setInt32(at + 2 * FP_BYTES, 1);
    return calls.mclBnG1_isValid(at) !== 0;
  }

  /** The same in the extended field. */
  readG2(at: number, bytes: Uint8Array): boolean {
    const { calls, coordinateBytes } = this;
    if (isZero(bytes)) {
      calls.mclBnG2_clear(at);
      return true;
    }
    if (!this.readFp2(at, bytes.subarray(0, 2 * coordinateBytes))) return false;
    if (!this.readFp2(at + FP2_BYTES, bytes.subarray(2 * coordinateBytes))) return false;
    calls.mclBnFp_setInt32(at + 2 * FP2_BYTES, 1);
    calls.mclBnFp_setInt32(at + 2 * FP2_BYTES + FP_BYTES, 0);
    return calls.mclBnG2_isValid(at) !== 0;
  }

  /** Big-endian, as wide as coordinates are. */
  writeFp(at: number): Uint8Array {
    const bytes = new Uint8Array(this.coordinateBytes);
    this.#writeFp(at, bytes, 0);
    return bytes;
  }

  writeG1(at: number): Uint8Array {
    const bytes = new Uint8Array(this.g1Bytes);
    if (this.calls.mclBnG1_isZero(at) !== 0) return bytes;
    this.calls.mclBnG1_normalize(at, at);
    this.#writeFp(at, bytes, 0);
    this.#writeFp(at + FP_BYTES, bytes, this.coordinateBytes);
    return bytes;
  }

  writeG2(at: number): Uint8Array {
    const bytes = new Uint8Array(this.g2Bytes);
    if (this.calls.mclBnG2_isZero(at) !== 0) return bytes;
    this.calls.mclBnG2_normalize(at, at);
    const half = this.coordinateBytes;
    const [real, imaginary] = this.#isImaginaryFirst ? [half, 0] : [0, half];
    for (const [from, to] of [
      [at, 0],
      [at + FP2_BYTES, 2 * half],
    ] as const) {
      this.#writeFp(from, bytes, to + real);
      this.#writeFp(from + FP_BYTES, bytes, to + imaginary);
    }
    return bytes;
  }

  /** The library's bytes have the least significant one first. */
  #writeFp(at: number, bytes: Uint8Array, offset: number): void {
    const length = this.calls.mclBnFp_serialize(this.#passage, this.coordinateBytes, at);
    const memory = this.#mcl.bytes();
    const end = offset + this.coordinateBytes - 1;
    for (let i = 0; i < length; i++) bytes[end - i] = memory[this.#passage + i] as number;
  }
}
