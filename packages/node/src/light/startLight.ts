// A light node: outbound connections, headers and certificates, and an RPC whose answers peers have proved.
import { computeNextBaseFee } from "@festina/fastchain";
import { createNetwork, type Handshake, type Network, type PeerAddress } from "@festina/network";
import { assert, OperationError, repeatEvery } from "@festina/primitives";
import { createLightGate, type LightFetcher, type RpcBackend, type RpcServer } from "@festina/rpc";
import { quorumSeats } from "@festina/types";
import type { NodeAdapters } from "../adaptersPort.ts";
import { toBlockRecord } from "../backend/chainReader.ts";
import { describeLoneliness } from "../backend/status.ts";
import type { OpenedChain } from "../chain/openChain.ts";
import type { FestinaNode, NodeSettings } from "../createNode.ts";
import { NodeParts } from "../nodeParts.ts";
import { senderRecovery } from "../pool/senderRecovery.ts";
import { networkLog } from "../sync/networkLog.ts";
import { discoveryOf } from "../sync/peerDiscovery.ts";
import { outbound } from "../sync/snapshot/beginBySnapshot.ts";
import { circleEvents } from "../sync/snapshot/circleEvents.ts";
import { followerOptions } from "../sync/snapshot/followerOptions.ts";
import { LightChain } from "./lightChain.ts";
import { LightProofs } from "./lightProofs.ts";
import { LightTransactions } from "./lightTransactions.ts";

/** Between looks for transactions that wait. */
const BEAT_MS = 1_000;

type Before = ReturnType<typeof createLightGate>;

export interface LightWays {
  readonly peers: readonly PeerAddress[];
  readonly handshake: (parts: NodeParts) => Handshake;
  /** What a full node's RPC would read. */
  readonly backend: (parts: NodeParts, network: Network) => RpcBackend;
  readonly serve: (backend: RpcBackend, before: Before) => Promise<RpcServer | null>;
  readonly onFatal: (error: unknown) => void;
  readonly failed: Promise<unknown>;
}

/** @throws OperationError LIGHT_ROLE, LIGHT_LONELY, LIGHT_RECOVERY where a node cannot be light */
function checkLight({ config, spec }: NodeSettings, { transport }: NodeAdapters): void {
  if (config.validator !== null || config.miner !== null)
    throw new OperationError("LIGHT_ROLE", "a light node neither votes nor mines: leave validator and miner out");
  if (transport === null || config.network === null)
    throw new OperationError("LIGHT_LONELY", "a light node needs peers: give it a network");
  // No block names a committee that the snail chain seats; certificates alone would not tell it from a false one.
  if (spec.recovery !== undefined)
    throw new OperationError(
      "LIGHT_RECOVERY",
      "where the snail chain may seat committees, certificates are not enough",
    );
}

/** The full node's backend, with what a light node knows better. */
function lightBackend(
  full: RpcBackend,
  settings: NodeSettings,
  parts: NodeParts,
  light: LightChain,
  proofs: LightProofs,
  sent: LightTransactions,
) {
  const { spec } = settings;
  const { committed } = parts;
  const anchored = (): number => {
    const { number } = light.snail.tip.block.header;
    const hash = light.snail.canonicalHash(Math.max(0, number - spec.preset.confirmDepthBlocks));
    const buried = hash === undefined ? 0 : (light.snail.byHash(hash)?.block.header.anchorNumber ?? 0);
    return Math.min(buried, light.head.header.number);
  };
  const isHere = (number: number): boolean => number <= light.head.header.number;
  const backend: RpcBackend = {
    ...full,
    state: proofs.state,
    pool: {
      submit: (encoded) => sent.submit(encoded),
      byHash: (hash) => sent.waiting(hash),
      nextNonce: (address) => proofs.state.nonce(address, light.head.header.number) ?? 0n,
      content: () => [],
    },
    chain: {
      chainId: spec.chainId,
      genesisHash: committed.genesisHash,
      head: () => light.head.header.number,
      blockByNumber: (number) => {
        const stored = isHere(number) ? proofs.blockByNumber(number) : undefined;
        return stored === undefined ? undefined : toBlockRecord(stored);
      },
      numberOfHash: (hash) => {
        const number = committed.followedNumberOf(hash);
        return number !== undefined && isHere(number) ? number : undefined;
      },
      transactionLocation: (hash) => sent.locationOf(hash),
      nextBaseFeeWei: () => computeNextBaseFee(light.head.header, spec),
      nextTimestamp: () => Math.max(full.chain.nextTimestamp(), light.head.header.timestamp),
      supply: () => undefined,
      anchored,
      anchoredBy: () => null,
    },
    status: () => {
      const { header, hash, committee } = light.head;
      const { sync: _sync, ...status } = full.status();
      const sync = light.progress.describe();
      const snailNumber = light.snail.tip.block.header.number;
      return {
        ...status,
        ...{ headNumber: header.number, headHash: hash, epoch: committee.epoch, anchoredNumber: anchored() },
        ...{ snailNumber, snailHash: light.snail.tip.hash },
        ahead: parts.peerHeads.ahead({ fastNumber: header.number, snailNumber }),
        committee: committee.members.map(({ address, seats }) => ({ address, seats })),
        quorumSeats: quorumSeats(committee),
        ...{ missing: [], pooledTransactions: sent.waitingCount, sent: sent.report() },
        doing: describeLoneliness(status) ?? `light: following headers and certificates at block ${header.number}`,
        ...(sync === null ? {} : { sync }),
      };
    },
  };
  return backend;
}

/** Makes and starts a light node on an opened chain. @throws OperationError as `checkLight` says, or when ports do not allow it */
export async function startLight(
  settings: NodeSettings,
  adapters: NodeAdapters,
  opened: OpenedChain,
  ways: LightWays,
): Promise<FestinaNode> {
  checkLight(settings, adapters);
  const { log, transport, clock, random, store, keccak, recoverPublicKey } = adapters;
  assert(transport !== null, "a light node has peers");
  let network: Network | null = null;
  const useNetwork = (): Network => {
    assert(network !== null, "nothing is asked before the network is made");
    return network;
  };
  // Readers only: nothing of it is ever started.
  const parts = new NodeParts(settings, adapters, opened, useNetwork, ways.onFatal);
  const { committed } = parts;
  const light = new LightChain(followerOptions(settings, adapters, parts, useNetwork));
  const recover = senderRecovery(settings.spec, recoverPublicKey);
  const proofs = new LightProofs({ circle: light.circle, committed, keccak, recover, isStopped: light.isStopped });
  const sent = new LightTransactions({
    ...{ spec: settings.spec, network: useNetwork, proofs, recover, store, nowMs: adapters.nowMs },
    isStopped: light.isStopped,
    head: () => light.head,
  });
  const unreadable = await sent.load();
  if (unreadable > 0) log.warn("sentUnreadable", { count: unreadable });
  const discovery = discoveryOf(settings.config, adapters, parts);
  const connected = createNetwork({
    ...{ transport: outbound(transport), listen: null, clock, random, peers: ways.peers },
    handshake: () => ways.handshake(parts),
    ...(discovery === null ? {} : { discovery }),
    events: circleEvents(log, light.circle, parts.peerHeads),
    log: networkLog(log),
  });
  network = connected;
  const backend = lightBackend(ways.backend(parts, connected), settings, parts, light, proofs, sent);
  const fetcher: LightFetcher = {
    account: (number, address) => proofs.account(number, address),
    code: (number, address) => proofs.code(number, address),
    slots: (number, address, slots) => proofs.slots(number, address, slots),
    body: (number) => proofs.body(number),
    transaction: (hash) => sent.find(hash),
  };
  const rpc = await ways.serve(backend, createLightGate(backend, fetcher));
  await connected.start();
  const running = light.run().catch(ways.onFatal);
  const beats = repeatEvery(clock, BEAT_MS, () => void sent.onBeat().catch(ways.onFatal));
  log.info("ready", { role: "light", rpc: rpc?.url, nodeId: transport.nodeId, head: light.head.header.number });
  return {
    rpcUrl: rpc?.url ?? null,
    nodeId: transport.nodeId,
    backend,
    refreshWork: () => undefined,
    dropTransaction: () => false,
    held: () => proofs.held,
    failed: ways.failed,
    stop: async () => {
      beats.cancel();
      light.stop();
      await rpc?.close();
      await connected.stop();
      await sent.settle();
      await running;
      await parts.database.close();
      parts.signer?.close();
      parts.journal.close();
      await store.close();
    },
  };
}
