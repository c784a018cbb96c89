import { join } from "node:path";
import {
  createEventLoopPace,
  createFileDisk,
  createKeccakKernel,
  createMemoryDisk,
  createMemoryStore,
  createNodeEngine,
  createNodeIdentity,
  createPow,
  createRecordKeys,
  createSecp256k1,
  createSignatureSuite,
  createSystemClock,
  createTlsTransport,
  createTracingLoader,
  loadOrCreateNodeKey,
  openLevelStore,
  saveEngineCase,
} from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import { type Log, type NodeAdapters, type NodeConfig, provisionSigningRecord } from "@festina/node";

/** A node that keeps nothing begins anew each time, and so must its key. */
export function createFreshDisk(): NodeAdapters["disk"] {
  const disk = createMemoryDisk();
  provisionSigningRecord(disk);
  return disk;
}

/** What a key has signed lies beside the key; beside the chain where the keys are plain files. */
function openDisk({ dataDir, validator }: NodeConfig): NodeAdapters["disk"] {
  if (validator !== null && "keyFolder" in validator) return createFileDisk(validator.keyFolder);
  return dataDir === null ? createFreshDisk() : createFileDisk(dataDir);
}

/** Faults and differences are kept beside the chain. */
function createEngine(
  spec: ChainSpec,
  config: NodeConfig,
  pace: ReturnType<typeof createEventLoopPace>,
  log: Log,
  onDifference: () => void,
): NodeAdapters["engine"] {
  const { dataDir, engine = { kind: "compiler", isChecked: false } } = config;
  const save = (saved: Parameters<typeof saveEngineCase>[1]): string =>
    dataDir === null ? "not kept" : saveEngineCase(join(dataDir, "engine-cases"), saved);
  return createNodeEngine({
    kind: engine.kind,
    pace,
    chainId: spec.chainId,
    keccak256: createKeccakKernel(),
    onFault: ({ engine: name, cause, saved }) => {
      const { to, gasLimit } = saved.call;
      const message = String(cause);
      log.error("engineFault", { engine: name, message, to, gasLimit: Number(gasLimit), case: save(saved) });
    },
    ...(engine.isChecked && {
      onDifference: (saved) => {
        log.error("engineDifference", { message: saved.reason, to: saved.call.to, case: save(saved) });
        onDifference();
      },
    }),
  });
}

/**
 * Disk, sockets, native libraries and worker threads for a node that runs for real. `onEngineDifference`: two engines
 * disagree, so the node must end.
 */
export async function createRealAdapters(
  spec: ChainSpec,
  config: NodeConfig,
  log: Log,
  onEngineDifference: () => void,
): Promise<NodeAdapters> {
  const { dataDir, network } = config;
  const keccak256 = createKeccakKernel();
  const identity =
    network === null ? null : dataDir === null ? createNodeIdentity() : await loadOrCreateNodeKey(network.nodeKeyFile);
  const pace = createEventLoopPace();
  const pow = createPow(spec.powEngine, {
    folder: dataDir === null ? null : join(dataDir, "pow"),
    onNotKept: (reason) => log.warn("powDataSetNotKept", { message: reason }),
  });
  const store = dataDir === null ? createMemoryStore() : await openLevelStore(join(dataDir, "chain"));
  return {
    store,
    transport:
      identity === null ? null : createTlsTransport({ identity, log: (event) => log.debug(`transport.${event.kind}`) }),
    ...(identity === null ? {} : { recordKeys: createRecordKeys(identity) }),
    suite: createSignatureSuite(spec.signatureSuite),
    engine: createEngine(spec, config, pace, log, onEngineDifference),
    // Kept where a development chain goes back, which puts another node into the place of the last one.
    loadTracing: createTracingLoader(pace),
    powEngine: pow.engine,
    ...(pow.dataSets === undefined ? {} : { powDataSets: pow.dataSets }),
    keccak: keccak256,
    recoverPublicKey: createSecp256k1().recoverPublicKey,
    disk: openDisk(config),
    createSearch: (options, onFound) =>
      pow.createSearcher({
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
