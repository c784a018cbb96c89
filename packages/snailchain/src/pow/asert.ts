import { maxBigint, minBigint } from "@festina/primitives";

/**
 * Absolutely scheduled, exponentially rising targets, in integers: the difficulty doubles for each half-life that the
 * chain is ahead of its schedule and halves for each it is behind. Nothing accumulates, so rounding cannot drift.
 */
export interface AsertInput {
  readonly genesisDifficulty: bigint;
  readonly halfLifeSeconds: number;
  readonly targetSeconds: number;
  readonly fruitsPerBlock: number;
  /** Cumulative, up to and including the parent. */
  readonly packedFruits: number;
  /** From genesis to the parent, without the time the chain stood still; may be negative. */
  readonly elapsedSeconds: number;
}

const FRACTION_BITS = 16n;
const ONE = 1n << FRACTION_BITS;

/** A target of at least 2^8 stays meaningful: a finer one could not tell neighbouring difficulties apart. */
export const DIFFICULTY_MAX = 1n << 120n;
const DIFFICULTY_MIN = 1n;
/** Any further and the result is at one of the two bounds whatever the genesis difficulty was. */
const EXPONENT_MAX = 256n * ONE;

/**
 * 2^x for x = fraction / 2^16 in [0, 1), as an integer over 2^16. The cubic with these coefficients (over 2^48) stays
 * within 0.013 % of the exact value; it is the one specified as "aserti3" for Bitcoin Cash in 2020.
 */
function computeExp2(fraction: bigint): bigint {
  const cubic = 195_766_423_245_049n * fraction + 971_821_376n * fraction ** 2n + 5_127n * fraction ** 3n;
  return ONE + ((cubic + (1n << 47n)) >> 48n);
}

/** genesisDifficulty * 2^((scheduled - elapsed) / halfLife), where scheduled = target * packedFruits / fruitsPerBlock. */
export function computeAsertDifficulty(input: AsertInput): bigint {
  const fruitsPerBlock = BigInt(input.fruitsPerBlock);
  // Both times multiplied by fruitsPerBlock, so that the only rounding is the one of the exponent.
  const scheduled = BigInt(input.targetSeconds) * BigInt(input.packedFruits);
  const ahead = scheduled - BigInt(input.elapsedSeconds) * fruitsPerBlock;
  const denominator = BigInt(input.halfLifeSeconds) * fruitsPerBlock;
  const exponent = clamp(floorDivide(ahead * ONE, denominator), -EXPONENT_MAX, EXPONENT_MAX);
  // Arithmetic shift and mask split towards minus infinity, so the fraction is never negative.
  const shift = exponent >> FRACTION_BITS;
  const scaled = input.genesisDifficulty * computeExp2(exponent & (ONE - 1n));
  const difficulty = (shift >= 0n ? scaled << shift : scaled >> -shift) >> FRACTION_BITS;
  return clamp(difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX);
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return maxBigint(low, minBigint(high, value));
}
