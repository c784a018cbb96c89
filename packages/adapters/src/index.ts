export { createKeccak, createKeccakKernel, type KeccakKernel } from "@festina/crypto";
export { createBlsSuite } from "./blst/blsSuite.ts";
export { createEventLoopPace, type EventLoopPaceOptions } from "./clock/eventLoopPace.ts";
export { createSystemClock } from "./clock/systemClock.ts";
export { type CompileThread, type CompileThreadOptions, createCompileThread } from "./compiler/compileThread.ts";
export { compileToModule } from "./compiler/compileToModule.ts";
export { createFileDisk } from "./disk/fileDisk.ts";
export { createMemoryDisk } from "./disk/memoryDisk.ts";
export { saveEngineCase } from "./engine/caseFolder.ts";
export {
  createNodeEngine,
  type EngineKind,
  loadNodeEngine,
  type NodeEngineOptions,
} from "./engine/createNodeEngine.ts";
export {
  createCompilerEngine,
  createInterpreterEngine,
  createTieredEngine,
  createTracingLoader,
  kernelInput,
  loadTracingEngine,
  type TieredEngineOptions,
} from "./interpreter/createInterpreterEngine.ts";
export { loadKernel } from "./kernels/loadKernel.ts";
export { type LevelStoreOptions, openLevelStore, repairLevelStore } from "./level/levelStore.ts";
export { createMemoryStore } from "./memory/memoryStore.ts";
export { measureHashRate } from "./mining/measureHashRate.ts";
export { createNonceSearcher, type NonceSearcher, type NonceSearcherOptions } from "./mining/nonceSearcher.ts";
export { argon2idPowEngine } from "./pow/argon2idEngine.ts";
export { createPow, type Pow } from "./pow/createPow.ts";
export { createPowSearch, type PowSearch } from "./pow/createPowSearch.ts";
export { createTruehashBands, type TruehashBands } from "./pow/truehashBands.ts";
export { createTruehashEngine, type TruehashEngine, type TruehashEngineOptions } from "./pow/truehashEngine.ts";
export { createTruehashKernel, type TruehashKernel } from "./pow/truehashKernel.ts";
export {
  createReferenceEngine,
  type ReferenceEngineOptions,
} from "./reference/createReferenceEngine.ts";
export { createSecp256k1, type Secp256k1 } from "./secp256k1/secp256k1.ts";
export { createSignatureSuite } from "./suites/createSignatureSuite.ts";
export { createNodeIdentity, loadOrCreateNodeKey, type NodeIdentity } from "./tls/nodeKey.ts";
export { createRecordKeys } from "./tls/recordKeys.ts";
export type { TlsTransportLimits, TransportLog, TransportLogEvent, UpgradeRefusal } from "./tls/tlsSettings.ts";
export { createTlsTransport } from "./tls/tlsTransport.ts";
