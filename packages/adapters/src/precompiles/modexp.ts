// MODEXP (EIP-198): a power modulo a number, by windows over the exponent's bits.
import { bigintToBytes, bytesToBigint, EMPTY_BYTES } from "@festina/primitives";
import type { Computation, Compute } from "./computation.ts";
import { MODEXP_HEAD_BYTES, modexpLengths } from "./modexpPrice.ts";
import { readPadded } from "./readPadded.ts";

/** EIP-7823 */
const OSAKA_LENGTH_MAX = 1_024n;
/** Earlier rules have no bound but the price; arrays have one. */
const PRAGUE_LENGTH_MAX = 2n ** 31n - 1n;

/** Squared words of 64 bits that a piece of work multiplies: less than a millisecond. */
const PIECE_WORK = 40_000;
/** One step takes this much work, however short its numbers are. */
const STEP_WORK = 40;

export const modexpAtOsaka: Compute = (input) => modexp(input, OSAKA_LENGTH_MAX);

export const modexpAtPrague: Compute = (input) => {
  const { base, modulus } = modexpLengths(input);
  // Nothing is asked for, however long the exponent may be.
  return base === 0n && modulus === 0n ? EMPTY_BYTES : modexp(input, PRAGUE_LENGTH_MAX);
};

function modexp(input: Uint8Array, lengthMax: bigint): ReturnType<Compute> {
  const lengths = modexpLengths(input);
  if (Object.values(lengths).some((length) => length > lengthMax)) return null;
  const baseBytes = Number(lengths.base);
  const exponentBytes = Number(lengths.exponent);
  const modulusBytes = Number(lengths.modulus);
  const exponentAt = MODEXP_HEAD_BYTES + baseBytes;
  const modulus = bytesToBigint(readPadded(input, exponentAt + exponentBytes, modulusBytes));
  if (modulus < 2n) return new Uint8Array(modulusBytes);
  const base = bytesToBigint(readPadded(input, MODEXP_HEAD_BYTES, baseBytes));
  const exponent = bytesToBigint(readPadded(input, exponentAt, exponentBytes));
  return power(base % modulus, exponent, modulus, modulusBytes);
}

/** Bits that one multiplication covers; a longer window needs more powers prepared. */
function windowFor(bits: number): number {
  if (bits <= 24) return 1;
  if (bits <= 240) return 4;
  return 5;
}

/** `base` below `modulus`, which is above 1. */
function* power(base: bigint, exponent: bigint, modulus: bigint, outputBytes: number): Computation {
  if (exponent === 0n) return bigintToBytes(1n, outputBytes);
  const bits = exponent.toString(2);
  const window = windowFor(bits.length);
  const powers = [1n, base];
  for (let i = 2; i < 1 << window; i++) powers.push(((powers[i - 1] as bigint) * base) % modulus);
  const words = outputBytes / 8;
  const stepsPerPiece = Math.max(1, Math.floor(PIECE_WORK / (words * words + STEP_WORK)));
  let steps = 0;
  let result = 1n;
  // The first window takes what is over, so that the last one ends with the last bit.
  for (let from = 0, to = bits.length % window || window; from < bits.length; from = to, to += window) {
    if (from > 0) for (let i = 0; i < window; i++) result = (result * result) % modulus;
    const digit = Number.parseInt(bits.slice(from, to), 2);
    if (digit > 0) result = (result * (powers[digit] as bigint)) % modulus;
    steps += window + 1;
    if (steps < stepsPerPiece) continue;
    steps = 0;
    yield;
  }
  return bigintToBytes(result, outputBytes);
}
