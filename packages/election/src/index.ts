export { type Candidate, candidateItem, readCandidate } from "./candidate.ts";
export { collectWeights } from "./collectWeights.ts";
export {
  type Draw,
  type DrawInput,
  type DrawLine,
  type DrawRound,
  drawCommittee,
  type ExplainedDraw,
  explainDraw,
} from "./drawCommittee.ts";
export { electionSeed } from "./electionSeed.ts";
export {
  advanceElection,
  type ElectionTracker,
  electionTrackerItem,
  isBoundaryBlock,
  readElectionTracker,
  startElection,
  type TrackedBlock,
} from "./electionTracker.ts";
export { type ElectionWindow, windowOf } from "./electionWindow.ts";
export { recoverySeed } from "./recoverySeed.ts";
