import type { ChainSpec } from "@festina/chainspec";
import { type SnailHeader, sealHash } from "@festina/types";
import type { FastView } from "../ports.ts";
import type { PowEngine } from "../pow/powEngine.ts";
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
  if (parent === undefined) {
    const work = verifyWork(header, context.engine);
    return work.kind === "valid" ? pending({ why: "unknownParent", what: header.parentHash }) : work;
  }
  const broken = verifyAgainstParent(header, parent, context);
  if (broken.kind !== "valid") return broken;
  const work = verifyWork(header, context.engine);
  if (work.kind !== "valid") return work;
  const judgedFrom = header.timestamp - FUTURE_SECONDS_MAX;
  return judgedFrom > context.nowSeconds ? pending({ why: "future", what: judgedFrom }) : VALID;
}

function verifyAgainstParent(header: SnailHeader, parent: SnailEntry, context: SnailContext): Verdict {
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

function verifyWork(header: SnailHeader, engine: PowEngine): Verdict {
  if (computePowWins(engine, sealHash(header), header.nonce, header).block) return VALID;
  return invalid("SNAIL_WORK_MISSING", `the nonce does not win at difficulty ${header.difficulty}`);
}
