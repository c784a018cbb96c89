import { type ChainSpec, serializeChainSpec } from "@festina/chainspec";
import type { AccountSigner } from "@festina/crypto";
import type { RegistrySlots } from "@festina/fastchain";
import { createMemoryHub, createNetwork, type Network, type NodeId, type Transport } from "@festina/network";
import { assert, type Hash32, type Hex, ZERO_HASH } from "@festina/primitives";
import {
  createRpcServer,
  type DevelopmentAccount,
  originRefusal,
  type RpcBackend,
  type RpcServer,
  type RpcServerOptions,
} from "@festina/rpc";
import type { PoolLimits } from "@festina/txpool";
import { specHash } from "@festina/types";
import type { NodeAdapters } from "./adaptersPort.ts";
import { createBlockSimulator } from "./backend/blockSimulator.ts";
import { createEnvironments, type EnvironmentOptions } from "./backend/callEnvironment.ts";
import { createCallExecutor } from "./backend/callExecutor.ts";
import { createChainReader, createStateReader } from "./backend/chainReader.ts";
import { describePeers } from "./backend/describePeers.ts";
import { heldCounts } from "./backend/heldCounts.ts";
import { createCommitteeReader, createSnailReader } from "./backend/hybridReaders.ts";
import { createLiveReader } from "./backend/liveReader.ts";
import { describeMachineRules } from "./backend/machineRules.ts";
import { otherNetworks } from "./backend/otherNetworks.ts";
import { createRewardReader } from "./backend/rewardReader.ts";
import { describeStatus } from "./backend/status.ts";
import { createTraceExecutor } from "./backend/traceExecutor.ts";
import { createOpenEnvironment, openPendingState } from "./backend/waitingTransactions.ts";
import { type ForkSource, openChain } from "./chain/openChain.ts";
import type { NodeConfig } from "./config/nodeConfig.ts";
import { type BlockPolicy, nextBaseFeeWei, nextCoinbase } from "./consensus/blockPolicy.ts";
import { startLight } from "./light/startLight.ts";
import { openMetrics, type ServedNode } from "./metrics/openMetrics.ts";
import { migrateData } from "./migration/migrateData.ts";
import { MIGRATION_STEPS } from "./migration/migrationSteps.ts";
import { NodeParts } from "./nodeParts.ts";
import { senderRecovery } from "./pool/senderRecovery.ts";
import { startParts } from "./startParts.ts";
import { CLIENT_NAME, CLIENT_VERSION, handshakeOf } from "./sync/handshakeOf.ts";
import { networkLog } from "./sync/networkLog.ts";
import { HASHES_MAX } from "./sync/payloads.ts";
import { discoveryOf, parsePeerAddresses } from "./sync/peerDiscovery.ts";
import { createPeerInputs } from "./sync/peerInputs.ts";
import { serveRequests } from "./sync/requestServer.ts";
import { beginBySnapshot, beginsBySnapshot } from "./sync/snapshot/beginBySnapshot.ts";
import type { SyncProgress } from "./sync/snapshot/syncProgress.ts";

/** What one node is to run: the network it belongs to, its own choices, and its secrets. */
export interface NodeSettings {
  readonly spec: ChainSpec;
  readonly config: NodeConfig;
  readonly validator: { readonly signingKey: Uint8Array; readonly owner: AccountSigner } | null;
  readonly developmentAccounts: readonly DevelopmentAccount[];
  /** The usual one where absent. */
  readonly policy?: BlockPolicy;
  readonly poolLimits?: Partial<PoolLimits>;
  /** As `openChain` takes them. */
  readonly registrySlots?: RegistrySlots;
  readonly fork?: ForkSource;
}

export interface FestinaNode {
  readonly rpcUrl: string | null;
  readonly nodeId: Hex;
  readonly backend: RpcBackend;
  /** To be called when the policy may have changed its mind about the next block. */
  refreshWork(): void;
  /** Forgets a transaction that waits. False when none of that hash does. */
  dropTransaction(hash: Hash32): boolean;
  /** What others can make it keep in memory, as counts. */
  held(): Readonly<Record<string, number>>;
  /** Resolves when everything is on disk and every socket is closed. */
  stop(): Promise<void>;
  /** Resolves with the reason when the node has had to give up. */
  readonly failed: Promise<unknown>;
}

const LONELY_NODE_ID = ZERO_HASH as Hex as NodeId;

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** None for a node that only dials, or that takes whatever port is free. */
function ownAddress({ network }: NodeConfig, transport: Transport | null): readonly string[] {
  return network === null || transport === null || network.port === 0
    ? []
    : [`${transport.nodeId}@${network.host}:${network.port}`];
}

function createPeerNetwork(
  settings: NodeSettings,
  adapters: NodeAdapters,
  parts: NodeParts,
  onFatal: (error: unknown) => void,
): Network {
  const { config } = settings;
  const { clock, log } = adapters;
  // A node that knows no others still has a network, of one.
  const transport = adapters.transport ?? createMemoryHub({ clock, latencyMs: 0 }).createTransport(LONELY_NODE_ID);
  const { peers, sync } = parts;
  const discovery = discoveryOf(config, adapters, parts);
  const inputs = createPeerInputs({
    sync,
    peers,
    consensus: parts.consensus,
    snail: parts.snail,
    transactions: parts.transactions,
    evidence: parts.evidence,
    attendance: parts.attendance,
    sessions: parts.sessions,
    announcer: parts.announcer,
    peerHeads: parts.peerHeads,
    onFatal,
  });
  return createNetwork({
    transport,
    listen:
      config.network === null || adapters.transport === null
        ? null
        : { host: config.network.host, port: config.network.port },
    handshake: () => handshakeOf(settings, parts),
    peers: parsePeerAddresses(config.network?.peers ?? []),
    ...(discovery === null ? {} : { discovery }),
    clock,
    random: adapters.random,
    events: {
      peerUp: ({ nodeId, handshake }) => {
        log.info("peerUp", { nodeId, role: handshake.role });
        parts.peerHeads.onHeads(nodeId, { fastNumber: handshake.headNumber, snailNumber: handshake.snailNumber });
        sync.onPeerHeads(nodeId, handshake.headNumber, handshake.snailNumber);
        peers.sendStatus(nodeId, parts.heads());
        parts.introduce(nodeId);
        parts.consensus.greet(nodeId);
        peers.announceWaiting(parts.transactions.waiting(HASHES_MAX), nodeId);
        parts.evidence.greet(nodeId);
      },
      peerDown: (nodeId, reason) => {
        parts.sessions.onGone(nodeId);
        parts.announcer.onGone(nodeId);
        parts.peerHeads.onGone(nodeId);
        peers.onGone(nodeId);
        log.info("peerDown", { nodeId, code: reason.code });
      },
      message: (peer, type, payload) => peers.dispatch(peer, type, payload, inputs),
    },
    log: networkLog(log),
  });
}

/** Where calls run, and what is known of the block to come. */
function createPlaces({ spec }: NodeSettings, { engine, recoverPublicKey, clock }: NodeAdapters, parts: NodeParts) {
  const { committed, states, transactions, policy } = parts;
  const nextBlock: Pick<EnvironmentOptions, "nextTimeMs" | "nextBaseFeeWei" | "nextCoinbase"> = {
    nextTimeMs: (parent) => policy.nextTimeMs(parent),
    nextBaseFeeWei: (parent) => nextBaseFeeWei(policy, parent, spec),
    nextCoinbase: (parent) => nextCoinbase(policy, parent),
  };
  const environmentAt = createEnvironments({ spec, committed, states, ...nextBlock });
  const openEnvironment = createOpenEnvironment(
    environmentAt,
    spec.development !== true
      ? null
      : {
          ...{ engine, recoverPublicKey, clock },
          stateAt: (number) => committed.hybridState(number),
          takesWorkAtOnce: () => policy.takesWorkAtOnce,
          pending: (baseFeePerGasWei) => transactions.pool.pending(baseFeePerGasWei),
        },
  );
  return { nextBlock, environmentAt, openEnvironment };
}

function createBackend(
  settings: NodeSettings,
  adapters: NodeAdapters,
  parts: NodeParts,
  network: Network,
  progress: SyncProgress = parts.sync.progress,
): RpcBackend {
  const { spec } = settings;
  const { engine, suite, recoverPublicKey, nowMs, transport } = adapters;
  const { committed, states, snail, transactions, database, events, consensus, snailParts, sync } = parts;
  const { miner, powData, workDesk } = snailParts;
  const { nextBlock, environmentAt, openEnvironment } = createPlaces(settings, adapters, parts);
  return {
    chain: createChainReader({ spec, committed, snail, ...nextBlock }),
    state: createStateReader(committed, states),
    execution: createCallExecutor({
      ...{ engine, openEnvironment, recoverPublicKey },
      loadTracing: adapters.loadTracing ?? null,
      clock: adapters.clock,
    }),
    simulation: createBlockSimulator({
      ...{ spec, committed, states, engine, recoverPublicKey },
      loadTracing: adapters.loadTracing ?? null,
      clock: adapters.clock,
    }),
    tracing: createTraceExecutor({
      ...{ spec, committed, states, engine, recoverPublicKey },
      recover: senderRecovery(spec, recoverPublicKey),
      loadTracing: adapters.loadTracing ?? null,
      clock: adapters.clock,
      openEnvironment,
    }),
    ...(spec.development === true
      ? { pendingState: () => openPendingState(openEnvironment, committed.head.header.number) }
      : {}),
    pool: {
      submit: async (encoded, signedBy) => transactions.submit(encoded, "", signedBy),
      byHash: (hash) => transactions.pool.get(hash),
      nextNonce: (address) => transactions.pool.nextNonce(address),
      content: () => transactions.pool.content(),
      leftOut: (hash) => transactions.leftOut(hash),
    },
    snail: createSnailReader(snail, database),
    committee: createCommitteeReader({ spec, committed, snail, engine, suite, environmentAt }),
    live: createLiveReader(spec, committed, snail),
    evidence: { submit: (encoded) => parts.evidence.submit(encoded), waiting: () => parts.evidence.offered() },
    events,
    miner: workDesk,
    rewards: createRewardReader(spec, committed, snail),
    powSamples: powData === null ? null : { read: (powKey) => powData.readSample(powKey) },
    developmentAccounts: settings.developmentAccounts,
    development: null,
    status: () =>
      describeStatus({
        role: parts.role,
        nodeId: transport?.nodeId ?? "0x",
        committed,
        snail,
        consensus,
        missing: parts.attendance.missing(consensus.committee, consensus.ownMember, spec.preset.heartbeatMs),
        transactions,
        peers: network.peers().length,
        otherNetworks: otherNetworks(network.strangers()),
        ahead: parts.peerHeads.ahead(parts.heads()),
        hashRatePerSecond: miner?.hashRatePerSecond ?? 0,
        isSyncing: sync.isBusy,
        sync: progress.describe(),
        heldFrom: parts.backfill.heldFrom,
        statesFrom: parts.pruner.statesFrom,
        isMakingDataSet: powData?.isBusy ?? false,
        nowMs: nowMs(),
        preset: spec.preset,
        recovery: parts.recovery.description,
      }),
    peers: () => describePeers(network, adapters.clock.nowMs()),
    invitation: () => ({
      specHash: specHash(spec),
      chainSpec: JSON.parse(serializeChainSpec(spec)),
      peers: [...ownAddress(settings.config, transport), ...(settings.config.network?.peers ?? [])],
    }),
    coinbase: () => settings.validator?.owner.address ?? null,
    machineRules: () => describeMachineRules(spec, committed.genesisHash),
    engine: () => ({ name: engine.name, compiler: engine.compilerStatus?.() ?? null }),
    clientVersion: () => `${CLIENT_NAME}/${CLIENT_VERSION}/node-${process.versions.node}`,
  };
}

function measured(
  { validator }: NodeSettings,
  { nowMs }: NodeAdapters,
  parts: NodeParts,
  network: Network,
  backend: RpcBackend,
): ServedNode {
  const held = () => heldCounts(parts);
  return { backend, held, traffic: () => network.traffic(), owner: validator?.owner.address ?? null, nowMs };
}

async function serveRpc(
  { config }: NodeSettings,
  { clock, log, page }: NodeAdapters,
  backend: RpcBackend,
  before: RpcServerOptions["before"],
): Promise<RpcServer | null> {
  if (config.rpc === null) return null;
  const { host, port, hosts, origins = [], ipc: ipcPath } = config.rpc;
  return createRpcServer(backend, {
    ...{ host, port, hosts, origins, ipcPath, clock, before, page },
    onOriginRefused: (origin) => log.warn("originRefused", { message: originRefusal(origin) }),
    onMethodError: (method, error) => log.error("rpcFailed", { method, message: describe(error) }),
  });
}

/** Makes and starts a node. @throws OperationError when data, ports or keys do not allow it */
export async function createNode(settings: NodeSettings, given: NodeAdapters): Promise<FestinaNode> {
  const { spec, config } = settings;
  const metrics = await openMetrics(config);
  const adapters = { ...given, log: metrics.watch(given.log) };
  const { log, suite, store, engine, keccak, transport } = adapters;
  let giveUp: (reason: unknown) => void = () => undefined;
  const failed = new Promise<unknown>((resolve) => {
    giveUp = resolve;
  });
  const onFatal = (error: unknown): void => {
    log.error("fatal", { message: describe(error) });
    giveUp(error);
  };
  const { registrySlots, fork } = settings;
  const tools = { spec, store, suite, engine, keccak, ...(fork === undefined ? {} : { fork }) };
  await migrateData(store, { log, clock: adapters.clock, steps: MIGRATION_STEPS });
  let opened = await openChain(registrySlots === undefined ? tools : { ...tools, registrySlots });
  log.info("chainOpened", { head: opened.committed.head.header.number });
  const serve = (backend: RpcBackend, before?: RpcServerOptions["before"]): Promise<RpcServer | null> =>
    serveRpc(settings, adapters, backend, before);
  if (config.sync?.mode === "light") {
    return startLight(settings, adapters, opened, {
      ...{ serve, onFatal, failed },
      peers: parsePeerAddresses(config.network?.peers ?? []),
      handshake: (parts) => handshakeOf(settings, parts),
      backend: (parts, peers) => createBackend(settings, adapters, parts, peers),
    });
  }
  if (beginsBySnapshot(settings, adapters, opened)) {
    await beginBySnapshot(settings, adapters, opened, {
      peers: parsePeerAddresses(config.network?.peers ?? []),
      handshake: (parts) => handshakeOf(settings, parts),
      serve: async ({ parts, network, sync }) => {
        const server = await serve(createBackend(settings, adapters, parts, network, sync.progress));
        return async () => server?.close();
      },
      onFatal,
    });
    opened = await openChain(tools);
  }
  let network: Network | null = null;
  const useNetwork = (): Network => {
    assert(network !== null, "nothing is sent before the network is made");
    return network;
  };
  const parts = new NodeParts(settings, adapters, opened, useNetwork, onFatal);
  const connected = createPeerNetwork(settings, adapters, parts, onFatal);
  network = connected;
  serveRequests(connected, parts);
  const backend = createBackend(settings, adapters, parts, connected);
  const rpc = await serve(backend);
  const stopClockwork = await startParts(parts, connected, adapters);
  const held = () => heldCounts(parts);
  await metrics.serve(measured(settings, adapters, parts, connected, backend));
  log.info("ready", { role: parts.role, rpc: rpc?.url, nodeId: transport?.nodeId, head: parts.heads().fastNumber });
  return {
    rpcUrl: rpc?.url ?? null,
    nodeId: transport?.nodeId ?? "0x",
    backend,
    refreshWork: () => parts.consensus.refreshWork(),
    dropTransaction: (hash) => {
      const { pool } = parts.transactions;
      const isKnown = pool.get(hash) !== undefined;
      pool.refuse(hash);
      return isKnown;
    },
    held,
    failed,
    stop: async () => {
      stopClockwork();
      parts.backfill.stop();
      await parts.pruner.stop();
      parts.consensus.stop();
      await parts.snailParts.stop();
      await metrics.close();
      await rpc?.close();
      await connected.stop();
      await parts.chain.drain();
      await parts.database.close();
      parts.signer?.close();
      parts.journal.close();
      await store.close();
    },
  };
}
