import type { ChainSpec } from "@festina/chainspec";
import type { Hash32 } from "@festina/primitives";
import type { SnailHeader } from "@festina/types";
import { computeAsertDifficulty } from "../pow/asert.ts";
import { type Ancestry, lastEntries, type SnailEntry } from "./ancestry.ts";

/** When the next block may come and how hard it is: functions of its ancestors alone. */

const MEDIAN_BLOCKS = 11;

/** Median of the timestamps of the last eleven blocks (fewer near genesis), ending in `tip`. A child must be later. */
export function computeMedianTime(ancestry: Ancestry, tip: Hash32): number {
  const times: number[] = [];
  for (const entry of lastEntries(ancestry, tip, MEDIAN_BLOCKS)) times.push(entry.block.header.timestamp);
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? 0;
}

/** Difficulty of a child of `parent`. */
export function computeNextDifficulty(spec: ChainSpec, parent: SnailEntry): bigint {
  const { header } = parent.block;
  return computeAsertDifficulty({
    genesisDifficulty: spec.genesisDifficulty,
    halfLifeSeconds: spec.preset.asertHalfLifeSeconds,
    targetSeconds: spec.preset.snailTargetSeconds,
    fruitsPerBlock: spec.preset.fruitsPerBlock,
    packedFruits: header.packedFruits,
    elapsedSeconds: header.timestamp - spec.genesisTimeSeconds - parent.stalledSeconds,
  });
}

/** Gaps at the right difficulty are exponential: one in 2,980 exceeds eight targets, so ordinary luck is not cut. */
const GAP_TARGETS_MAX = 8;
const GAP_HALF_LIVES_MAX = 2;

/**
 * The part of a gap between blocks that the schedule counts. An absolute schedule would make up for a network switched
 * off overnight with hours of nearly free blocks; beyond this the chain stood still and the schedule waits for it.
 */
export function computeGapSecondsMax(spec: ChainSpec): number {
  const { asertHalfLifeSeconds, snailTargetSeconds } = spec.preset;
  return Math.max(GAP_HALF_LIVES_MAX * asertHalfLifeSeconds, GAP_TARGETS_MAX * snailTargetSeconds);
}

/** `stalledSeconds` of a block with this header on `parent`. */
export function computeStalledSeconds(spec: ChainSpec, parent: SnailEntry, header: SnailHeader): number {
  const gapSeconds = header.timestamp - parent.block.header.timestamp;
  return parent.stalledSeconds + Math.max(0, gapSeconds - computeGapSecondsMax(spec));
}
