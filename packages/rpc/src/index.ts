export { createRpcClient, RpcAnswerError, type RpcClient } from "./client/rpcClient.ts";
export { connectRpcSocket, type RpcSocket } from "./client/rpcSocket.ts";
export type { CommitteeExplanation, CommitteeInfo, DrawExplanation } from "./committeePorts.ts";
export { createRpcReference } from "./description/rpcReference.ts";
export type {
  BlockAddition,
  DevelopmentGate,
  ForkFacts,
  ForkGate,
  ForkWish,
  MiningModes,
  RefusedAddition,
} from "./development/developmentPort.ts";
export { TIME_SECONDS_MAX } from "./development/miningMethods.ts";
export { toQuantity } from "./jsonRpc/params.ts";
export { decodeRevertReason } from "./jsonRpc/revertReason.ts";
export { RPC_CODE, RpcError, SEND_FAILURE } from "./jsonRpc/rpcError.ts";
export { createLightGate, type LightFetcher } from "./light/lightGate.ts";
export type { ElectionProgress, LiveReader } from "./livePorts.ts";
export type {
  ExpectedPay,
  MinerGate,
  MiningWork,
  PowSampleReader,
  RewardReader,
  ShareOutcome,
  SnailPay,
} from "./miningPorts.ts";
export type { AccountOverride, BlockOverrides, CallOverrides } from "./overrides.ts";
export { NO_OVERRIDES } from "./overrides.ts";
export type { ConnectedPeer, HeadsAhead, OtherNetwork, PeerAhead, PeerReport, StrangerPeer } from "./peerPorts.ts";
export type {
  AccessListOutcome,
  Anchoring,
  BlockRecord,
  CallExecutor,
  CallOutcome,
  CallPlace,
  CallRequest,
  ChainReader,
  CommitteeReader,
  DevelopmentAccount,
  EngineReport,
  EventSource,
  ExecutedTransaction,
  MachineRules,
  NetworkInvitation,
  NodeEvent,
  NodeStatus,
  RevertOrHalt,
  RpcBackend,
  SentReport,
  SnailReader,
  SupplyRecord,
  SyncReport,
  Trace,
  TraceFailureCode,
  TraceGate,
  TraceOptions,
  TransactionGate,
  TransactionTrace,
} from "./ports.ts";
export { originRefusal, parseOrigin } from "./server/crossOrigin.ts";
export { DEFAULT_RPC_LIMITS, type RpcLimits } from "./server/limits.ts";
export { createPage, type Page, type PageAnswer } from "./server/page.ts";
export { createRpcServer, type RpcServer, type RpcServerOptions } from "./server/rpcServer.ts";
export type {
  BlockSimulator,
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCallResult,
  SimulatedTransactionRequest,
  SimulationFailureCode,
  SimulationRequest,
} from "./simulationPorts.ts";
export type { CompiledContract, SolidityCompiler } from "./solidityPort.ts";
export type { AccountEntry, AccountProof, AccountView, StateReader } from "./statePorts.ts";
