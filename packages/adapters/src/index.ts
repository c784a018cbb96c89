// kernels

// signatures
export { createBlsSuite } from "./blst/blsSuite.ts";
export { createKeccak, createKeccakKernel, type KeccakKernel } from "./kernels/keccakKernel.ts";
export { loadKernel } from "./kernels/loadKernel.ts";
// reference
export { createReferenceEngine, type ReferenceEngineOptions } from "./reference/createReferenceEngine.ts";
export { createSecp256k1, type Secp256k1 } from "./secp256k1/secp256k1.ts";

// tls
export { createNodeIdentity, loadOrCreateNodeKey, type NodeIdentity } from "./tls/nodeKey.ts";
export type { TlsTransportLimits, TransportLog, TransportLogEvent, UpgradeRefusal } from "./tls/tlsSettings.ts";
export { createTlsTransport } from "./tls/tlsTransport.ts";
