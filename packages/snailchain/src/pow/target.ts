import { bytesToBigint, type Hash32 } from "@festina/primitives";
import type { PowEngine } from "./powEngine.ts";

/** Two-for-one: one result, its high half weighed against the block target, its low half against the fruit target. */
const HALF_MAX = (1n << 128n) - 1n;

/** The highest half of a result that wins at `difficulty` (expected hashes, at least 1). */
export function computeTarget(difficulty: bigint): bigint {
  return HALF_MAX / difficulty;
}

/** A fruit costs this share of the block it points to; independent of any time a miner declares (flaw 4). */
export function computeFruitDifficulty(pointerDifficulty: bigint, fruitsPerBlock: number): bigint {
  const share = pointerDifficulty / BigInt(fruitsPerBlock);
  return share > 1n ? share : 1n;
}

export interface PowWins {
  readonly block: boolean;
  readonly fruit: boolean;
}

/**
 * What a nonce is worth under a sealed header with these difficulties. A difficulty below 1 wins nothing. The data set
 * must be ready.
 */
export function computePowWins(
  engine: PowEngine,
  seal: Hash32,
  nonce: bigint,
  difficulties: { readonly difficulty: bigint; readonly fruitDifficulty: bigint },
  powKey: Hash32,
): PowWins {
  const result = engine.compute(seal, nonce, powKey);
  const wins = (half: Uint8Array, difficulty: bigint): boolean =>
    difficulty >= 1n && bytesToBigint(half) <= computeTarget(difficulty);
  return {
    block: wins(result.subarray(0, 16), difficulties.difficulty),
    fruit: wins(result.subarray(16, 32), difficulties.fruitDifficulty),
  };
}
