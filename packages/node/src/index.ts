export { type DevelopmentAccount, deriveAccounts, developmentAccounts } from "./accounts/developmentAccounts.ts";
export type { NodeAdapters } from "./adaptersPort.ts";
export { type ChainTools, type OpenedChain, openChain } from "./chain/openChain.ts";
export { checkNodeConfig, type NodeConfig } from "./config/nodeConfig.ts";
export { provisionSigningRecord } from "./consensus/recordFile.ts";
export { CLIENT_NAME, CLIENT_VERSION, createNode, type FestinaNode, type NodeSettings } from "./createNode.ts";
export { type ExportFailureCode, exportHistory } from "./history/exportHistory.ts";
export { type ReplayFailureCode, type ReplayReport, readHistorySpec, replayHistory } from "./history/replayHistory.ts";
export { createLog, type Log, type LogLevel, SILENT_LOG } from "./log.ts";
