export { AnchorTimeoutError } from "./actions/anchorTimeoutError.ts";
export type { BlockReference } from "./actions/ask.ts";
export type { EpochParameters } from "./actions/committeeActions.ts";
export type { WaitForAnchorParameters } from "./actions/finalityActions.ts";
export type { GetSnailBlockParameters, MinerParameters, SnailHeight } from "./actions/snailActions.ts";
export type { PrepareSponsoredTransactionParameters } from "./actions/sponsorActions.ts";
export type { WatchSnailBlocksParameters } from "./actions/watchSnailBlocks.ts";
export { AnswerError } from "./answer/answerError.ts";
export type {
  Committee,
  CommitteeExplanation,
  Election,
  Evidence,
  FinalCertificate,
} from "./answer/committeeShapes.ts";
export type {
  EngineReport,
  Finality,
  HybridRequests,
  Invitation,
  NodeStatus,
  PeerReport,
  Supply,
} from "./answer/nodeShapes.ts";
export type {
  BlockRewards,
  Certificate,
  ExpectedReward,
  Fruit,
  Payment,
  Rewards,
  SnailBlock,
  SnailBlockWithFruits,
  Won,
  Work,
} from "./answer/snailShapes.ts";
export { festinaDev, festinaDevnet } from "./chains.ts";
export { type FestinaActions, festinaActions } from "./festinaActions.ts";
export {
  type Signature65,
  type SponsoredTransaction,
  serializeSponsoredTransaction,
  sponsoredPayerHash,
  sponsoredSenderHash,
} from "./transaction/sponsoredTransaction.ts";
