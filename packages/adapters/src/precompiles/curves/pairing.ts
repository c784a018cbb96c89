// Whether a product of pairings is one: Miller loops a few pairs at a time, one final exponentiation.
import type { Computation } from "../computation.ts";
import type { Borrowed, Curve } from "./curve.ts";
import { G1_BYTES, G2_BYTES, GT_BYTES } from "./mcl.ts";

/** A piece of 5 to 8 ms, with squarings shared; twice as many would be a tenth faster. */
const PIECE_PAIRS = 4;

/** A word: one for yes, zero for no. */
export function wordOf(answer: boolean): Uint8Array {
  const word = new Uint8Array(32);
  if (answer) word[31] = 1;
  return word;
}

/** Takes pairs written into its places and multiplies what their Miller loops give. Pairs with infinity add nothing. */
export class PairingProduct {
  readonly #curve: Curve;
  readonly #g1: number;
  readonly #g2: number;
  readonly #product: number;
  readonly #loops: number;
  #filled = 0;

  constructor(curve: Curve, borrowed: Borrowed) {
    this.#curve = curve;
    this.#g1 = borrowed.place(PIECE_PAIRS * G1_BYTES);
    this.#g2 = borrowed.place(PIECE_PAIRS * G2_BYTES);
    this.#product = borrowed.place(GT_BYTES);
    this.#loops = borrowed.place(GT_BYTES);
    curve.calls.mclBnGT_setInt32(this.#product, 1);
  }

  /** Where the next pair is to be written. */
  get nextG1(): number {
    return this.#g1 + this.#filled * G1_BYTES;
  }

  get nextG2(): number {
    return this.#g2 + this.#filled * G2_BYTES;
  }

  /** The pair written last is part of the product. */
  take(): void {
    const { calls } = this.#curve;
    if (calls.mclBnG1_isZero(this.nextG1) !== 0 || calls.mclBnG2_isZero(this.nextG2) !== 0) return;
    this.#filled += 1;
    if (this.#filled === PIECE_PAIRS) this.#multiply();
  }

  /** Multiplies what is left over, and stops before the last step, which takes as long as two loops. */
  *isOne(): Generator<void, boolean, void> {
    const { calls } = this.#curve;
    if (this.#filled > 0) this.#multiply();
    yield;
    calls.mclBn_finalExp(this.#product, this.#product);
    return calls.mclBnGT_isOne(this.#product) !== 0;
  }

  #multiply(): void {
    const { calls } = this.#curve;
    calls.mclBn_millerLoopVec(this.#loops, this.#g1, this.#g2, this.#filled);
    calls.mclBnGT_mul(this.#product, this.#product, this.#loops);
    this.#filled = 0;
  }
}

/** Whether points of the curves are of the groups. */
export interface GroupChecks {
  isInG1(at: number): boolean;
  isInG2(at: number): boolean;
}

/** Pairs of points in both groups one after the other; anything else is refused. */
export function* checkPairing(curve: Curve, { isInG1, isInG2 }: GroupChecks, input: Uint8Array): Computation {
  const { g1Bytes, g2Bytes } = curve;
  const borrowed = curve.borrow();
  try {
    const product = new PairingProduct(curve, borrowed);
    for (let at = 0; at < input.length; at += g1Bytes + g2Bytes) {
      if (!curve.readG1(product.nextG1, input.subarray(at, at + g1Bytes))) return null;
      if (!curve.readG2(product.nextG2, input.subarray(at + g1Bytes, at + g1Bytes + g2Bytes))) return null;
      if (!isInG1(product.nextG1) || !isInG2(product.nextG2)) return null;
      product.take();
      yield;
    }
    return wordOf(yield* product.isOne());
  } finally {
    borrowed.giveBack();
  }
}
