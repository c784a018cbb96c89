import { join } from "node:path";
import {
  createBlsSuite,
  createKeccakKernel,
  createMemoryStore,
  createNodeIdentity,
  createNonceSearcher,
  createReferenceEngine,
  createSecp256k1,
  createSystemClock,
  createTlsTransport,
  loadOrCreateNodeKey,
  openLevelStore,
} from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import {
  createMemoryJournal,
  createMemoryRecord,
  type Log,
  type NodeAdapters,
  type NodeConfig,
  openJournalFile,
  openRecordFile,
} from "@festina/node";
import { keccakPowEngine } from "@festina/snailchain";
import { decodeFastBlock } from "@festina/types";
import { CliError } from "./output/cliError.ts";

function requireSupported(spec: ChainSpec): void {
  if (spec.signatureSuite !== "bls")
    throw new CliError("SUITE_UNAVAILABLE", `the signature suite ${spec.signatureSuite} is not built yet; use bls`);
  if (spec.powEngine !== "keccak")
    throw new CliError("POW_UNAVAILABLE", `the proof-of-work engine ${spec.powEngine} is not built yet; use keccak`);
}

function heightOf(envelope: Uint8Array): number {
  const block = decodeFastBlock(envelope);
  return block.ok ? block.value.header.number : 0;
}

/** Disk, sockets, native libraries and worker threads for a node that runs for real. */
export async function createRealAdapters(spec: ChainSpec, config: NodeConfig, log: Log): Promise<NodeAdapters> {
  requireSupported(spec);
  const { dataDir, network } = config;
  const keccak256 = createKeccakKernel();
  const identity =
    network === null ? null : dataDir === null ? createNodeIdentity() : await loadOrCreateNodeKey(network.nodeKeyFile);
  const store = dataDir === null ? createMemoryStore() : await openLevelStore(join(dataDir, "chain"));
  return {
    store,
    transport:
      identity === null ? null : createTlsTransport({ identity, log: (event) => log.debug(`transport.${event.kind}`) }),
    suite: createBlsSuite(),
    engine: createReferenceEngine({ chainId: spec.chainId, keccak256 }),
    powEngine: keccakPowEngine,
    keccak: keccak256,
    recoverPublicKey: createSecp256k1().recoverPublicKey,
    records: dataDir === null ? createMemoryRecord() : openRecordFile(join(dataDir, "signing.record")),
    journal: dataDir === null ? createMemoryJournal() : openJournalFile(join(dataDir, "consensus.journal"), heightOf),
    createSearch: (options, onFound) =>
      createNonceSearcher({
        ...options,
        onFound,
        onFailed: (error) => log.error("minerThreadFailed", { message: error.message }),
      }),
    log,
    clock: createSystemClock(),
    nowMs: Date.now,
    random: Math.random,
  };
}
