import type { ChainSpec } from "@festina/chainspec";
import { assert, type Hash32 } from "@festina/primitives";
import { type SnailHeader, sealHash } from "@festina/types";
import type { FastView } from "../ports.ts";
import type { PowEngine } from "../pow/powEngine.ts";
import { computePowKey, computePowSample, isPowReady } from "../pow/powKey.ts";
import { computeFruitDifficulty, computePowWins } from "../pow/target.ts";
import { invalid, pending, VALID, type Verdict } from "../verdict.ts";
import type { Ancestry, SnailEntry } from "./ancestry.ts";
import { computeMedianTime, computeNextDifficulty } from "./schedule.ts";

export interface SnailContext {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly ancestry: Ancestry;
  readonly fastView: FastView;
  readonly nowSeconds: number;
}

/** A block further ahead of the local clock than this is judged later; it is never invalid for it. */
export const FUTURE_SECONDS_MAX = 15;

/**
 * The rules that need no fast chain, cheapest first and work last. What waits (unknown parent, future) has always shown
 * the work it claims, so nobody fills a buffer for free.
 */
export function verifySnailHeader(header: SnailHeader, context: SnailContext): Verdict {
  if (header.number < 1) return invalid("SNAIL_NUMBER_WRONG", "only genesis has number 0");
  const parent = context.ancestry.byHash(header.parentHash);
  if (parent === undefined) return verifyOrphan(header, context);
  const broken = verifyAgainstParent(header, parent, context);
  if (broken.kind !== "valid") return broken;
  const { spec, engine, ancestry } = context;
  const powKey = computePowKey(engine, header.number, spec.preset.powEpochBlocks, (number) =>
    ancestry.ancestor(parent.hash, number),
  );
  assert(powKey !== undefined, "a known parent has all its ancestors");
  const work = verifyWork(header, powKey, context);
  if (work.kind !== "valid") return work;
  const judgedFrom = header.timestamp - FUTURE_SECONDS_MAX;
  return judgedFrom > context.nowSeconds ? pending({ why: "future", what: judgedFrom }) : VALID;
}

/** The rules of a header on its parent that need no hash. */
export function verifyAgainstParent(header: SnailHeader, parent: SnailEntry, context: SnailContext): Verdict {
  const { spec, ancestry } = context;
  const before = parent.block.header;
  if (header.number !== before.number + 1) {
    return invalid("SNAIL_NUMBER_WRONG", `number ${header.number} on a parent with number ${before.number}`);
  }
  if (header.anchorNumber < before.anchorNumber) {
    return invalid("SNAIL_ANCHOR_DECREASES", `anchor ${header.anchorNumber} below the parent's ${before.anchorNumber}`);
  }
  const packed = header.packedFruits - before.packedFruits;
  if (packed < 0 || packed > spec.preset.maxFruits) {
    return invalid("SNAIL_PACKED_FRUITS_WRONG", `the sealed count moves by ${packed}`);
  }
  const difficulty = computeNextDifficulty(spec, parent);
  if (header.difficulty !== difficulty) {
    return invalid("SNAIL_DIFFICULTY_WRONG", `difficulty ${header.difficulty}, the schedule says ${difficulty}`);
  }
  const pointer = ancestry.byHash(header.pointerHash);
  if (
    pointer === undefined ||
    header.number - pointer.block.header.number > spec.preset.freshnessBlocks ||
    ancestry.ancestor(parent.hash, pointer.block.header.number) !== pointer.hash ||
    header.fruitDifficulty !== computeFruitDifficulty(pointer.block.header.difficulty, spec.preset.fruitsPerBlock)
  ) {
    return invalid("SNAIL_POINTER_WRONG", "pointer is no fresh ancestor, or its fruit difficulty is wrong");
  }
  const medianTime = computeMedianTime(ancestry, parent.hash);
  if (header.timestamp <= medianTime) {
    return invalid("SNAIL_TIME_TOO_OLD", `time ${header.timestamp} is not above the median ${medianTime}`);
  }
  return VALID;
}

/** Its work shows by the best chain's data set; off that, only the epoch that begins at genesis is sure to be the same. */
function verifyOrphan(header: SnailHeader, context: SnailContext): Verdict {
  const { spec, engine, ancestry } = context;
  const { powEpochBlocks } = spec.preset;
  const unknown = pending({ why: "powUnknown", what: header.number } as const);
  const powKey = computePowKey(engine, header.number, powEpochBlocks, (number) => ancestry.canonicalHash(number));
  if (powKey === undefined || !isPowReady(engine, powKey)) return unknown;
  const work = verifyWork(header, powKey, context);
  if (work.kind === "valid") return pending({ why: "unknownParent", what: header.parentHash });
  const isSure = engine.dataSets === undefined || computePowSample(header.number, powEpochBlocks).epoch === 0;
  return isSure ? work : unknown;
}

function verifyWork(header: SnailHeader, powKey: Hash32, { engine }: SnailContext): Verdict {
  if (!isPowReady(engine, powKey)) return pending({ why: "powDataSet", what: powKey });
  if (computePowWins(engine, sealHash(header), header.nonce, header, powKey).block) return VALID;
  return invalid("SNAIL_WORK_MISSING", `the nonce does not win at difficulty ${header.difficulty}`);
}
