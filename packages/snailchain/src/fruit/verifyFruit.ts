import type { ChainSpec } from "@festina/chainspec";
import type { Hash32 } from "@festina/primitives";
import { type Fruit, type SnailHeader, sealHash } from "@festina/types";
import type { FastView } from "../ports.ts";
import type { PowEngine } from "../pow/powEngine.ts";
import { computePowKey, computePowSample, isPowReady } from "../pow/powKey.ts";
import { computeFruitDifficulty, computePowWins } from "../pow/target.ts";
import { type FruitFailureCode, invalid, pending, VALID, type Verdict } from "../verdict.ts";

/** The best chain, as far as fruits are concerned. */
export interface BestChainView {
  head(): { readonly number: number; readonly hash: Hash32 };
  /** Of any valid block, also off the best chain. */
  headerByHash(hash: Hash32): SnailHeader | undefined;
  canonicalHash(number: number): Hash32 | undefined;
  /** Whether one of the last `freshnessBlocks` blocks of the best chain packs it. None below the fruit's number can. */
  isFruitPacked(hash: Hash32, numberMin?: number): boolean;
}

export interface FruitContext {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly chain: BestChainView;
}

export type FruitPendingCause =
  | { readonly why: "unknownPointer"; readonly what: Hash32 }
  | { readonly why: "unknownFastBlock"; readonly what: number }
  | { readonly why: "powDataSet"; readonly what: Hash32 }
  | { readonly why: "powUnknown"; readonly what: number };

export type FruitVerdict = Verdict<FruitFailureCode, FruitPendingCause>;

/** While its pointer is unknown a fruit must claim at least this fraction of the difficulty that is due now (flaw 5). */
const UNKNOWN_POINTER_DIFFICULTY_DIVISOR = 4n;

/**
 * Whether a fruit on its own could be packed by the next block of the best chain. What takes a look at fields comes before
 * anything is hashed, and its work is checked before anything waits.
 */
export function verifyFruit(fruit: Fruit, context: FruitContext): FruitVerdict {
  const cheap = verifyFruitCheaply(fruit, context);
  if (cheap.kind !== "valid") return cheap;
  const { header } = fruit;
  if (context.chain.headerByHash(header.pointerHash) === undefined) return verifyStranger(header, context);
  const work = verifyByBestChain(header, context);
  if (work.kind !== "valid") return work;
  const isKnown = context.fastView.committed(header.anchorNumber) !== undefined;
  return isKnown ? VALID : pending({ why: "unknownFastBlock", what: header.anchorNumber });
}

/** The rules that need no hash: a flood of what breaks them costs a few microseconds each. */
export function verifyFruitCheaply({ header }: Fruit, context: FruitContext): Verdict<FruitFailureCode, never> {
  const { spec, chain, fastView } = context;
  const pointer = chain.headerByHash(header.pointerHash);
  if (header.fruitDifficulty < minimumDifficulty(pointer, context)) {
    return invalid("FRUIT_DIFFICULTY_WRONG", `fruit difficulty ${header.fruitDifficulty} is too low`);
  }
  if (pointer === undefined) return VALID;
  // Before the work, which another branch may prove by another data set.
  if (chain.canonicalHash(pointer.number) !== header.pointerHash) {
    return invalid("FRUIT_POINTER_OFF_CHAIN", "the pointer is not on the best chain");
  }
  // A miner may be some blocks ahead of us; its fruit then waits in the pool until its number comes.
  const packerNumber = chain.head().number + 1;
  const highestPacker = Math.max(packerNumber, Math.min(header.number, pointer.number + spec.preset.freshnessBlocks));
  const fields = verifyFruitFields(header, pointer, highestPacker, spec);
  if (fields.kind !== "valid") return fields;
  const anchor = fastView.committed(header.anchorNumber);
  if (anchor !== undefined && anchor.hash !== header.anchorHash) {
    return invalid("FRUIT_ANCHOR_NOT_COMMITTED", `another fast block is committed at ${header.anchorNumber}`);
  }
  return VALID;
}

function minimumDifficulty(pointer: SnailHeader | undefined, { spec, chain }: FruitContext): bigint {
  const { fruitsPerBlock } = spec.preset;
  if (pointer !== undefined) return computeFruitDifficulty(pointer.difficulty, fruitsPerBlock);
  const head = chain.headerByHash(chain.head().hash);
  const due = computeFruitDifficulty(head?.difficulty ?? spec.genesisDifficulty, fruitsPerBlock);
  return due / UNKNOWN_POINTER_DIFFICULTY_DIVISOR;
}

/**
 * What a fruit must fit besides its work and anchor: its pointer, and the number of the block that packs it. The other
 * fields of its header describe the block the same search might have won; they are sealed, and nothing reads them.
 */
export function verifyFruitFields(
  fruit: SnailHeader,
  pointer: SnailHeader,
  packerNumber: number,
  spec: ChainSpec,
): Verdict<FruitFailureCode, never> {
  if (packerNumber - pointer.number > spec.preset.freshnessBlocks) {
    return invalid("FRUIT_STALE", `points ${packerNumber - pointer.number} blocks below its packer`);
  }
  if (fruit.number <= pointer.number || fruit.number > packerNumber) {
    return invalid("FRUIT_NUMBER_WRONG", `number ${fruit.number}, pointer ${pointer.number}, packer ${packerNumber}`);
  }
  if (fruit.fruitDifficulty !== computeFruitDifficulty(pointer.difficulty, spec.preset.fruitsPerBlock)) {
    return invalid("FRUIT_DIFFICULTY_WRONG", `fruit difficulty ${fruit.fruitDifficulty} is not its pointer's`);
  }
  if (fruit.anchorNumber < pointer.anchorNumber) {
    return invalid("FRUIT_ANCHOR_OUT_OF_RANGE", `anchor ${fruit.anchorNumber} below the one of its pointer`);
  }
  return VALID;
}

/** Its pointer is unknown: if it is of another branch, only the epoch that begins at genesis is sure to be the same. */
function verifyStranger(header: SnailHeader, context: FruitContext): FruitVerdict {
  const { engine, spec } = context;
  const work = verifyByBestChain(header, context);
  if (work.kind === "valid") return pending({ why: "unknownPointer", what: header.pointerHash });
  const isSure =
    engine.dataSets === undefined || computePowSample(header.number, spec.preset.powEpochBlocks).epoch === 0;
  return isSure && work.kind === "invalid" ? work : pending({ why: "powUnknown", what: header.number });
}

function verifyByBestChain(header: SnailHeader, { engine, spec, chain }: FruitContext): FruitVerdict {
  const powKey = computePowKey(engine, header.number, spec.preset.powEpochBlocks, (number) =>
    chain.canonicalHash(number),
  );
  return powKey === undefined
    ? pending({ why: "powUnknown", what: header.number })
    : verifyFruitWork(header, powKey, engine);
}

export function verifyFruitWork(
  header: SnailHeader,
  powKey: Hash32,
  engine: PowEngine,
): Verdict<FruitFailureCode, { readonly why: "powDataSet"; readonly what: Hash32 }> {
  if (!isPowReady(engine, powKey)) return pending({ why: "powDataSet", what: powKey });
  if (computePowWins(engine, sealHash(header), header.nonce, header, powKey).fruit) return VALID;
  return invalid("FRUIT_WORK_MISSING", `the nonce does not win at fruit difficulty ${header.fruitDifficulty}`);
}
