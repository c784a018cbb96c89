export { type Ancestry, createSnailEntry, type SnailEntry } from "./block/ancestry.ts";
export {
  assembleSnailCandidate,
  completeCandidate,
  type HashedFruit,
  type MiningAnchor,
  type MiningContext,
  type SnailCandidate,
} from "./block/assembleSnailCandidate.ts";
export {
  computeGapSecondsMax,
  computeMedianTime,
  computeNextDifficulty,
  computeStalledSeconds,
} from "./block/schedule.ts";
export { createGenesisEntry, createSnailGenesis } from "./block/snailGenesis.ts";
export { computeBoundaryHash } from "./block/verifySnailAnchor.ts";
export { verifySnailBlock, verifySnailBody } from "./block/verifySnailBody.ts";
export { FUTURE_SECONDS_MAX, type SnailContext, verifySnailHeader } from "./block/verifySnailHeader.ts";
export { type Checkpoint, isHeavier, type ReorgPlan } from "./chain/forkChoice.ts";
export { SnailChain, type SnailChainConfig } from "./chain/snailChain.ts";
export type { SnailEffect, SnailInput } from "./chain/snailInput.ts";
export { decodeSnailRecord, encodeSnailRecord } from "./chain/snailRecord.ts";
export { type AdmissionOutcome, FruitPool } from "./fruit/fruitPool.ts";
export {
  type BestChainView,
  type FruitContext,
  type FruitPendingCause,
  type FruitVerdict,
  verifyFruit,
} from "./fruit/verifyFruit.ts";
export { Miner, type MinerConfig } from "./miner/miner.ts";
export type { CurrentWork, MinerEffect, MinerInput, MiningWork, NonceFailureCode } from "./miner/minerInput.ts";
export type { CommittedFastBlock, FastView, SnailRecord, SnailStore } from "./ports.ts";
export { type AsertInput, computeAsertDifficulty, DIFFICULTY_MAX } from "./pow/asert.ts";
export { keccakPowEngine } from "./pow/keccakPowEngine.ts";
export type { PowDataSets, PowEngine } from "./pow/powEngine.ts";
export { computePowKey, computePowSample, isPowReady, type PowSample } from "./pow/powKey.ts";
export { readPowSample } from "./pow/readPowSample.ts";
export { computeFruitDifficulty, computePowWins, computeTarget, type PowWins } from "./pow/target.ts";
export { continuePowSample } from "./pow/truehash/continuePowSample.ts";
export {
  decodeTruehashTable,
  deriveTruehashTable,
  eachTruehashOne,
  encodeTruehashTable,
  expandTruehashTable,
  TRUEHASH_ROWS,
  TRUEHASH_SEEDS,
  TRUEHASH_TABLES,
  type TruehashTable,
} from "./pow/truehash/truehashTable.ts";
export { type AnchorRun, advanceRun, traceRun } from "./recovery/anchorRun.ts";
export { judgeStall, recoveryWindow, type SnailRange, type Stall } from "./recovery/stall.ts";
export type { FruitFailureCode, PendingCause, SnailFailureCode, Verdict } from "./verdict.ts";
