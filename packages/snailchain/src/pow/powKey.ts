import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { PowEngine } from "./powEngine.ts";

/** Snail blocks whose hashes make a data set, both ends included. */
export interface PowSample {
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/** TrueChain's 10,240 of 12,000. The rest is the time in which everybody can make the data set. */
const SAMPLE_PART = 64;
const SAMPLE_WHOLE = 75;

/** How many blocks of an epoch are sampled for the next one. */
function sampledBlocks(epochBlocks: number): number {
  return Math.floor((epochBlocks * SAMPLE_PART) / SAMPLE_WHOLE);
}

/**
 * What the data set for a block number is made from: the beginning of the epoch before, or genesis for the first epoch.
 * Epoch 0 is blocks 1 to `epochBlocks`.
 */
export function computePowSample(number: number, epochBlocks: number): PowSample {
  const epoch = Math.floor(Math.max(0, number - 1) / epochBlocks);
  if (epoch === 0) return { epoch, first: 0, last: 0 };
  const before = (epoch - 1) * epochBlocks;
  return { epoch, first: before + 1, last: before + sampledBlocks(epochBlocks) };
}

/**
 * Name of the data set for a block number: the hash of the newest block of its sample, which all others are ancestors
 * of. `hashAt` reads the chain in question; the answer is `undefined` where that does not reach the sample, zero for
 * engines that need no data.
 */
export function computePowKey(
  engine: PowEngine,
  number: number,
  epochBlocks: number,
  hashAt: (number: number) => Hash32 | undefined,
): Hash32 | undefined {
  return engine.dataSets === undefined ? ZERO_HASH : hashAt(computePowSample(number, epochBlocks).last);
}

export function isPowReady(engine: PowEngine, powKey: Hash32): boolean {
  return engine.dataSets?.isReady(powKey) ?? true;
}
