// Bytes that grow as they are written, with the two variable-length integers of WebAssembly (LEB128).

const FIRST_ROOM_BYTES = 256;

export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(room: number = FIRST_ROOM_BYTES) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far, in place. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins anew in the same room. */
  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#enlarge(1);
    this.#bytes[this.#length++] = value;
  }

  write(bytes: ArrayLike<number>): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#enlarge(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Unsigned, below 2^32. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed, 32 bits. */
  signed(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return;
    }
  }

  /** Signed, 64 bits; the value may be given unsigned. */
  signedLong(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    if (rest >= -0x4000_0000n && rest < 0x4000_0000n) {
      this.signed(Number(rest));
      return;
    }
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return;
    }
  }

  #enlarge(missing: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + missing));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
