export { createRpcClient, RpcAnswerError, type RpcClient } from "./client/rpcClient.ts";
export { connectRpcSocket, type RpcSocket } from "./client/rpcSocket.ts";
export { RPC_CODE } from "./jsonRpc/rpcError.ts";
export type {
  AccountEntry,
  AccountProof,
  BlockRecord,
  CallExecutor,
  CallOutcome,
  CallRequest,
  ChainReader,
  CommitteeInfo,
  CommitteeReader,
  DevelopmentAccount,
  EngineReport,
  EventSource,
  ExecutedTransaction,
  ExpectedPay,
  MinerGate,
  MiningWork,
  NetworkInvitation,
  NodeEvent,
  NodeStatus,
  RewardReader,
  RpcBackend,
  ShareOutcome,
  SnailPay,
  SnailReader,
  StateReader,
  SupplyRecord,
  Trace,
  TraceFailureCode,
  TraceGate,
  TraceOptions,
  TransactionGate,
  TransactionTrace,
} from "./ports.ts";
export { DEFAULT_RPC_LIMITS, type RpcLimits } from "./server/limits.ts";
export { createRpcServer, type RpcServer, type RpcServerOptions } from "./server/rpcServer.ts";
