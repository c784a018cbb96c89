import type { ChainSpec } from "@festina/chainspec";
import { computeNextBaseFee, type ExecutedBlock, type HybridState, pointerNumberMax } from "@festina/fastchain";
import { createNetwork, createSystemClock, type Network, type NodeRole, PROTOCOL_VERSION, parsePeerAddress } from "@festina/network";
import { type Address, assert, type Hex, OperationError } from "@festina/primitives";
import { createRpcServer, type DevelopmentAccount, type RpcBackend, type RpcServer } from "@festina/rpc";
import type { SnailEntry } from "@festina/snailchain";
import type { Certificate } from "@festina/types";
import { specHash } from "@festina/types";
import type { NodeAdapters } from "./adaptersPort.ts";
import { createCallExecutor } from "./backend/callExecutor.ts";
import { createChainReader, createStateReader, toBlockRecord } from "./backend/chainReader.ts";
import { createCommitteeReader, createSnailReader } from "./backend/hybridReaders.ts";
import { createMinerGate } from "./backend/minerGate.ts";
import { describeStatus } from "./backend/status.ts";
import { FastChain } from "./chain/fastChain.ts";
import { openChain } from "./chain/openChain.ts";
import type { NodeConfig } from "./config/nodeConfig.ts";
import { ConsensusRunner } from "./consensus/consensusRunner.ts";
import { createSigner, type Signer } from "./consensus/signer.ts";
import { ReadyDuty } from "./duties/readyDuty.ts";
import { EventHub } from "./events.ts";
import { TransactionService } from "./pool/transactionService.ts";
import { createFastView } from "./snail/committedFastView.ts";
import { MinerService } from "./snail/minerService.ts";
import { SnailDatabase } from "./snail/snailDatabase.ts";
import { SnailService } from "./snail/snailService.ts";
import { ChainSync } from "./sync/chainSync.ts";
import { PeerNetwork } from "./sync/peerNetwork.ts";
import { createPeerInputs } from "./sync/peerInputs.ts";
import { serveRequests } from "./sync/requestServer.ts";

export const CLIENT_NAME = "festina";
export const CLIENT_VERSION = "0.1.0";

/** What one node is to run: the network it belongs to, its own choices, and its secrets. */
export interface NodeSettings {
  readonly spec: ChainSpec;
  readonly config: NodeConfig;
  readonly validator: { readonly signingKey: Uint8Array; readonly ownerKey: Uint8Array } | null;
  readonly developmentAccounts: readonly DevelopmentAccount[];
}

export interface FestinaNode {
  readonly rpcUrl: string | null;
  readonly nodeId: Hex;
  readonly backend: RpcBackend;
  /** Resolves when everything is on disk and every socket is closed. */
  stop(): Promise<void>;
  /** Resolves with the reason when the node has had to give up. */
  readonly failed: Promise<unknown>;
}

const DELTA_MS = 300;
const DELTA_MS_MAX = 30_000;
const EXECUTION_BUDGET_MS = 1_000;
const STATUS_MS = 1_000;
/** A block is closed after this much building, full or not: a third of what its voters have for it. */
const BUILD_MS_MAX = 400;

/** Makes and starts a node. The one place where every part meets. @throws OperationError when data, ports or keys do not allow it */
export async function createNode(settings: NodeSettings, adapters: NodeAdapters): Promise<FestinaNode> {
  const { spec, config } = settings;
  const { log, suite, store, nowMs } = adapters;
  let giveUp: (reason: unknown) => void = () => undefined;
  const failed = new Promise<unknown>((resolve) => {
    giveUp = resolve;
  });
  const onFatal = (error: unknown): void => {
    log.error("fatal", { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    giveUp(error);
  };

  const { committed, states } = await openChain({ spec, store, suite, engine: adapters.engine, keccak: adapters.keccak });
  const fastView = createFastView(committed);
  const database = new SnailDatabase(store, onFatal);
  const events = new EventHub(onFatal);
  const signer: Signer | null = settings.validator === null ? null : createSigner(settings.validator.signingKey, suite, adapters.records);

  // Parts that need each other meet through these closures; each is assigned before anything runs.
  let network: Network | null = null;
  const net = (): Network => {
    assert(network !== null, "the network is made before it is used");
    return network;
  };
  const peers = new PeerNetwork(net, (block, from) => snail.receiveBlock(block, from));

  const snail: SnailService = new SnailService({
    spec,
    engine: adapters.powEngine,
    fastView,
    database,
    network: peers.forSnailChain(),
    log,
    nowSeconds: () => Math.floor(nowMs() / 1000),
    onHead: (head: SnailEntry) => {
      events.emit({ kind: "snailBlock", number: head.block.header.number, hash: head.hash });
      miner?.onSnailHead();
      consensus.refreshWork();
    },
    onFruits: () => miner?.onFruits(),
  });

  const transactions: TransactionService = new TransactionService({
    spec,
    states,
    recoverPublicKey: adapters.recoverPublicKey,
    head: () => committed.head,
    pending: () => chain.pending,
    nowMs,
    onAdmitted: (transaction, from) => {
      peers.announceTransaction(transaction, from);
      events.emit({ kind: "pendingTransaction", hash: transaction.hash });
      consensus.refreshWork();
    },
  });

  const chain: FastChain = new FastChain({
    committed,
    states,
    store,
    environment: {
      spec,
      suite,
      engine: adapters.engine,
      recoverPublicKey: adapters.recoverPublicKey,
      recover: (transaction) => transactions.recover(transaction),
      states: { open: (root) => states.open(root), seal: (parent, view) => states.seal(parent, view as ReturnType<typeof states.open>) },
      snail,
    },
    onCommitted: (executed, certificate) => onCommitted(executed, certificate),
  });

  function mayAdvancePointer(tip: HybridState): ReturnType<SnailService["nextPointer"]> {
    const next = snail.nextPointer(tip.pointer);
    if (next === null || next.header.number > pointerNumberMax(tip, spec.preset)) return null;
    const ancestry = chain.pending.ancestry(tip.hash);
    const { anchorNumber, anchorHash } = next.header;
    return anchorNumber === 0 || ancestry.hashOf(anchorNumber) === anchorHash ? next : null;
  }

  const consensus: ConsensusRunner = new ConsensusRunner({
    chain,
    network: peers.forConsensus(),
    pointers: snail,
    signer,
    log,
    onFatal,
    timing: {
      heartbeatMs: spec.preset.heartbeatMs,
      minBlockIntervalMs: spec.preset.minBlockIntervalMs,
      deltaMs: DELTA_MS,
      deltaMsMax: DELTA_MS_MAX,
      executionBudgetMs: EXECUTION_BUDGET_MS,
    },
    hasWork: (tip) => transactions.hasWork(tip, computeNextBaseFee(tip.header, spec)) || mayAdvancePointer(tip) !== null,
    buildBlock: (parent, view, reveal) => {
      const deadlineMs = performance.now() + BUILD_MS_MAX;
      return chain.build(parent.hash, {
        view,
        nowMs: nowMs(),
        reveal,
        snailBlock: mayAdvancePointer(parent),
        certificate: highestCertificate(parent),
        transactions: transactions.source(parent, computeNextBaseFee(parent.header, spec)),
        hasTime: () => performance.now() < deadlineMs,
      });
    },
  });

  /** COMMITTED of the newest ancestor that is not certified on chain yet. */
  function highestCertificate(parent: HybridState): Certificate | null {
    const top = Math.min(parent.header.number, committed.head.header.number);
    const number = committed.newestCertified(top);
    return number > parent.certifiedNumber ? (committed.certificateAt(number) ?? null) : null;
  }

  const duty =
    settings.validator === null
      ? null
      : new ReadyDuty({
          spec,
          ownerKey: settings.validator.ownerKey,
          isRegistered: (owner) => isCandidate(owner),
          nextNonce: (address) => transactions.pool.nextNonce(address),
          submit: (encoded) => transactions.submit(encoded, ""),
        });

  /** Sits now, or stood for the last election: those have something to keep. Others register by hand and then say ready. */
  function isCandidate(owner: Address): boolean {
    const { committee, candidates } = committed.head;
    return committee.members.some(({ address }) => address === owner) || candidates.some(({ address }) => address === owner);
  }

  const sync = new ChainSync({ network: net, chain, snail, log, onSynced: (certificate, height) => consensus.onSynced(certificate, height) });

  const miner: MinerService | null =
    config.miner === null
      ? null
      : new MinerService({
          engine: adapters.powEngine,
          fastView,
          committed,
          snail,
          maxFruits: spec.preset.maxFruits,
          payout: config.miner.payout,
          supports: config.miner.supports,
          startNonce: BigInt(Math.floor(adapters.random() * 2 ** 32)) << 32n,
          createSearch: (onFound) => adapters.createSearch(config.miner ?? { threads: 1, cpuShare: 1 }, onFound),
          nowMs,
        });

  function onCommitted(executed: ExecutedBlock, certificate: Certificate | null): void {
    const { block, hybrid } = executed;
    const { number } = block.header;
    const included = block.transactions.map((transaction, index) => {
      const sender = executed.executed[index]?.sender;
      assert(sender !== undefined, "every transaction of a final block has an outcome");
      return { hash: transaction.hash, sender, sponsorship: transaction.sponsorship };
    });
    transactions.onCommitted(hybrid, included);
    snail.fastCommitted(number, hybrid.pointer);
    miner?.onFastCommitted();
    log.info("blockCommitted", { number, hash: block.hash, transactions: block.transactions.length, gasUsed: block.header.gasUsed, view: certificate?.view ?? null });
    if (hybrid.election.phase === "frozen" && hybrid.election.frozenHeight === number) log.info("electionFrozen", { epoch: hybrid.election.epoch, number });
    if (block.requests.handover !== null) {
      const { epoch, members } = block.requests.handover;
      log.info("handover", { epoch, firstBlock: number + 1, members: members.length, seats: members.map(({ seats }) => seats).join("+") });
    }
    duty?.onCommitted(hybrid);
    if (events.hasListeners) events.emit({ kind: "block", record: toBlockRecord(executed) });
    peers.broadcastStatus(heads());
  }

  const heads = () => ({ fastNumber: committed.head.header.number, snailNumber: snail.chain.head().number });
  const role: NodeRole = signer !== null ? "member" : miner !== null ? "miner" : "observer";

  if (adapters.transport !== null) {
    network = createNetwork({
      transport: adapters.transport,
      listen: config.network === null ? null : { host: config.network.host, port: config.network.port },
      handshake: () => ({
        protocolVersion: PROTOCOL_VERSION,
        specHash: specHash(spec),
        genesisHash: committed.genesisHash,
        role,
        agent: `${CLIENT_NAME}/${CLIENT_VERSION}`,
        headNumber: committed.head.header.number,
        snailNumber: snail.chain.head().number,
      }),
      peers: (config.network?.peers ?? []).map((text) => {
        const address = parsePeerAddress(text);
        if (!address.ok) throw new OperationError("PEER_ADDRESS_INVALID", `${text}: ${address.error.message}`);
        return address.value;
      }),
      clock: createSystemClock(),
      random: adapters.random,
      events: {
        peerUp: ({ nodeId, handshake }) => {
          log.info("peerUp", { nodeId, role: handshake.role });
          sync.onPeerHeads(nodeId, handshake.headNumber, handshake.snailNumber);
          peers.sendStatus(nodeId, heads());
        },
        peerDown: (nodeId, reason) => log.info("peerDown", { nodeId, code: reason.code }),
        message: (peer, type, payload) => peers.dispatch(peer, type, payload, inputs),
      },
      log: (event) => log.debug(`network.${event.kind}`, { facts: JSON.stringify(event) }),
    });
    serveRequests(network, { chain, consensus, snail, transactions });
  }
  const inputs = createPeerInputs({ consensus, snail, transactions, sync, peers, onFatal });

  const backend: RpcBackend = {
    chain: createChainReader(spec, committed, snail),
    state: createStateReader(committed, states),
    execution: createCallExecutor({ spec, committed, states, engine: adapters.engine, recoverPublicKey: adapters.recoverPublicKey }),
    pool: {
      submit: async (encoded) => transactions.submit(encoded, ""),
      byHash: (hash) => transactions.pool.get(hash),
      nextNonce: (address) => transactions.pool.nextNonce(address),
      content: () => transactions.pool.content(),
    },
    snail: createSnailReader(snail, database),
    committee: createCommitteeReader(committed),
    events,
    miner: createMinerGate({ spec, engine: adapters.powEngine, fastView, committed, snail, nowMs }),
    developmentAccounts: settings.developmentAccounts,
    status: () =>
      describeStatus({
        role,
        nodeId: adapters.transport?.nodeId ?? "0x",
        committed,
        snail,
        consensus,
        transactions,
        peers: network?.peers().length ?? 0,
        hashRatePerSecond: miner?.hashRatePerSecond ?? 0,
        isSyncing: sync.isBusy,
        nowMs: nowMs(),
        preset: spec.preset,
      }),
    clientVersion: () => `${CLIENT_NAME}/${CLIENT_VERSION}/node-${process.versions.node}`,
  };

  let rpc: RpcServer | null = null;
  if (config.rpc !== null) {
    const onMethodError = (method: string, error: unknown): void =>
      log.error("rpcFailed", { method, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    rpc = await createRpcServer(backend, { ...config.rpc, onMethodError });
  }
  await network?.start();
  snail.fastCommitted(committed.head.header.number, committed.head.pointer);
  consensus.start();
  miner?.start();
  const timer = setInterval(() => {
    snail.tick();
    consensus.refreshWork();
    if (network !== null) peers.broadcastStatus(heads());
  }, STATUS_MS);
  log.info("ready", { role, rpc: rpc?.url ?? null, nodeId: adapters.transport?.nodeId ?? null, head: committed.head.header.number });

  return {
    rpcUrl: rpc?.url ?? null,
    nodeId: adapters.transport?.nodeId ?? "0x",
    backend,
    failed,
    stop: async () => {
      clearInterval(timer);
      consensus.stop();
      await miner?.stop();
      await rpc?.close();
      await network?.stop();
      await chain.drain();
      await database.close();
      signer?.close();
      await store.close();
    },
  };
}
