export { BftCore } from "./bft/bftCore.ts";
export type { BftConfig, BftTiming, CommittedPoint } from "./bft/bftState.ts";
export { type CertificateFailureCode, joinVotes, verifyCertificate, voteMessage } from "./bft/certificates.ts";
export type { BftEffect, BlameCode } from "./bft/effect.ts";
export type { Greeting } from "./bft/greeting.ts";
export type { BftInput, BuiltProposal, PeerName, SignedRequest, TimerName } from "./bft/input.ts";
export { leaderOf } from "./bft/leader.ts";
export { RecordKeeper, type SigningRecordStore } from "./bft/recordKeeper.ts";
export {
  checkSigning,
  decodeSigningRecord,
  EMPTY_SIGNING_RECORD,
  encodeSigningRecord,
  reserveNextView,
  type SigningRecord,
  type SigningRefusalCode,
  type SigningRequest,
  UNKNOWN_BLOCK,
} from "./bft/signingRecord.ts";
export { rulesOfChain, toBlockContext } from "./block/blockContext.ts";
export { type BuildInput, buildFastBlock } from "./block/buildFastBlock.ts";
export { committeeOf, mustCarryBoundary } from "./block/certificateRules.ts";
export { computeMinerRewards, computeRewards, minerRates, type RewardInput } from "./block/computeRewards.ts";
export { decodeExecuted, type ExecutedTransaction, encodeExecuted } from "./block/executedTransaction.ts";
export {
  type ExecutedBlock,
  type ExecutionFailureCode,
  type ExecutionTrust,
  executeFastBlock,
} from "./block/executeFastBlock.ts";
export { type FollowedBlock, followFastBlock } from "./block/followFastBlock.ts";
export { type BlockReplay, replayBlock } from "./block/replayBlock.ts";
export { writeRings } from "./block/ringWrites.ts";
export {
  type FastHeaderFailureCode,
  isTimely,
  type VerifiedShape,
  verifyFastHeader,
} from "./block/verifyFastHeader.ts";
export { newlyJailed } from "./chain/absences.ts";
export { computeNextBaseFee, MIN_BASE_FEE_WEI } from "./chain/baseFee.ts";
export { isRevealDue, isRevealRight, NO_REVEAL, nextBeacon, revealMessage } from "./chain/beacon.ts";
export {
  createFastGenesis,
  type FastGenesis,
  type GenesisFailureCode,
  genesisBeacon,
  genesisNumber,
  type RegistrySlots,
} from "./chain/genesis.ts";
export { type ElectionGround, gatherElection, type SeededElection } from "./chain/handover.ts";
export {
  decodeHybridState,
  encodeHybridState,
  type HybridState,
  hybridTimeMs,
  type PointerState,
} from "./chain/hybridState.ts";
export { leavesOutUnpaid } from "./chain/participation.ts";
export { isUnanchored, pointerNumberMax } from "./chain/pointerRules.ts";
export {
  decodeRecoveries,
  drawRecovery,
  encodeRecoveries,
  gatherRecovery,
  type RecoveryCut,
  type SeatedRecovery,
} from "./chain/recovery.ts";
export { readCandidates } from "./chain/registryReader.ts";
export {
  findRestart,
  type RestartFailureCode,
  restartCommittee,
  restartedState,
  type SeatedRestart,
} from "./chain/restart.ts";
export { readSupply, type Supply, supplyItem, totalSupplyWei } from "./chain/supply.ts";
export { type EvidenceRuleCode, isEpochPunishable, judgeEvidence } from "./evidence/evidenceWindow.ts";
export { type EvidenceFailureCode, verifyEvidence } from "./evidence/verifyEvidence.ts";
export type {
  Ancestry,
  EpochSource,
  FastChainEnvironment,
  SnailSource,
  StateSource,
  TransactionSource,
} from "./ports.ts";
