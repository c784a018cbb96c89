// What MODEXP costs: by the lengths of its operands and the highest bit of the exponent's first 32 bytes.
import { bytesToBigint, maxBigint } from "@festina/primitives";
import { readPadded } from "./readPadded.ts";

const WORD_BYTES = 32;
/** Three lengths come first: of base, exponent, and modulus. */
export const MODEXP_HEAD_BYTES = 96;

interface ModexpPrice {
  readonly minimumGas: bigint;
  /** Of one step, by the longer of base and modulus. */
  stepCost(lengthBytes: bigint): bigint;
  /** Steps for each byte of the exponent beyond the first 32. */
  readonly stepsPerByte: bigint;
  readonly divisor: bigint;
}

const squaredWords = (lengthBytes: bigint): bigint => ((lengthBytes + 7n) / 8n) ** 2n;

/** EIP-2565 */
export const PRAGUE_MODEXP: ModexpPrice = {
  minimumGas: 200n,
  stepCost: squaredWords,
  stepsPerByte: 8n,
  divisor: 3n,
};

/** EIP-7883 */
export const OSAKA_MODEXP: ModexpPrice = {
  minimumGas: 500n,
  stepCost: (lengthBytes) => (lengthBytes > 32n ? 2n * squaredWords(lengthBytes) : 16n),
  stepsPerByte: 16n,
  divisor: 1n,
};

/** The lengths as the input gives them, which may be any number of 32 bytes. */
export function modexpLengths(input: Uint8Array): { base: bigint; exponent: bigint; modulus: bigint } {
  const lengthAt = (at: number): bigint => bytesToBigint(readPadded(input, at, WORD_BYTES));
  return { base: lengthAt(0), exponent: lengthAt(WORD_BYTES), modulus: lengthAt(2 * WORD_BYTES) };
}

export function priceModexp(input: Uint8Array, { minimumGas, stepCost, stepsPerByte, divisor }: ModexpPrice): bigint {
  const lengths = modexpLengths(input);
  const headBytes = lengths.exponent < BigInt(WORD_BYTES) ? Number(lengths.exponent) : WORD_BYTES;
  // Far behind the input's end a number need not be exact.
  const head = bytesToBigint(readPadded(input, MODEXP_HEAD_BYTES + Number(lengths.base), headBytes));
  const highestBit = head === 0n ? 0n : BigInt(head.toString(2).length - 1);
  const tailSteps = stepsPerByte * (lengths.exponent - BigInt(headBytes));
  const steps = maxBigint(highestBit + tailSteps, 1n);
  return maxBigint((steps * stepCost(maxBigint(lengths.base, lengths.modulus))) / divisor, minimumGas);
}
