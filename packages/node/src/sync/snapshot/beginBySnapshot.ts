// What runs before a node that begins by snapshot: a network of outbound connections, and nothing that executes or votes.
import { createNetwork, type Handshake, type Network, type PeerAddress, type Transport } from "@festina/network";
import { assert } from "@festina/primitives";
import { MetaStore } from "@festina/storage";
import type { NodeAdapters } from "../../adaptersPort.ts";
import type { OpenedChain } from "../../chain/openChain.ts";
import type { NodeSettings } from "../../createNode.ts";
import { NodeParts } from "../../nodeParts.ts";
import { networkLog } from "../networkLog.ts";
import { discoveryOf } from "../peerDiscovery.ts";
import { circleEvents } from "./circleEvents.ts";
import { followerOptions } from "./followerOptions.ts";
import { SnapshotSync } from "./snapshotSync.ts";

export interface Beginning {
  readonly parts: NodeParts;
  readonly network: Network;
  readonly sync: SnapshotSync;
}

/**
 * Whether this folder is to begin by snapshot, or was interrupted where only that goes on. Where the snail chain may seat
 * committees by itself it never does: no block names such a committee, and peers that tell the truth would seem to lie.
 */
export function beginsBySnapshot(
  { config, spec }: NodeSettings,
  { store, transport }: NodeAdapters,
  opened: OpenedChain,
): boolean {
  if (transport === null || config.network === null || spec.recovery !== undefined) return false;
  if (new MetaStore(store).laying() !== undefined) return true;
  return config.sync?.mode === "snapshot" && opened.committed.head.header.number === 0;
}

/** Dials, and is not dialled; outlives the network that is made on it. */
export function outbound(transport: Transport): Transport {
  return {
    nodeId: transport.nodeId,
    listen: (at, onConnection) => transport.listen(at, onConnection),
    dial: (address) => transport.dial(address),
    close: async () => undefined,
  };
}

/**
 * Resolves when the folder's chain is to be opened again and gone on with. `serve` shows how far it is meanwhile and
 * answers with what ends that.
 */
export async function beginBySnapshot(
  settings: NodeSettings,
  adapters: NodeAdapters,
  opened: OpenedChain,
  ways: {
    readonly peers: readonly PeerAddress[];
    readonly handshake: (parts: NodeParts) => Handshake;
    readonly serve: (beginning: Beginning) => Promise<() => Promise<void>>;
    readonly onFatal: (error: unknown) => void;
  },
): Promise<void> {
  const { log, transport, clock, random } = adapters;
  assert(transport !== null, "who begins by snapshot has peers");
  let network: Network | null = null;
  const useNetwork = (): Network => {
    assert(network !== null, "nothing is asked before the network is made");
    return network;
  };
  // Readers only: nothing of it is ever started.
  const observer = { ...settings, validator: null, config: { ...settings.config, validator: null, miner: null } };
  const parts = new NodeParts(observer, adapters, opened, useNetwork, ways.onFatal);
  const sync = new SnapshotSync({
    ...followerOptions(settings, adapters, parts, useNetwork),
    ...{ states: parts.states, archive: parts.archive, keccak: adapters.keccak },
  });
  const discovery = discoveryOf(settings.config, adapters, parts);
  network = createNetwork({
    transport: outbound(transport),
    listen: null,
    handshake: () => ways.handshake(parts),
    peers: ways.peers,
    ...(discovery === null ? {} : { discovery }),
    clock,
    random,
    events: circleEvents(log, sync.circle, parts.peerHeads),
    log: networkLog(log),
  });
  const endServing = await ways.serve({ parts, network, sync });
  try {
    await network.start();
    log.info("snapshotBegins", { peers: ways.peers.length });
    const outcome = await sync.run();
    log.info("snapshotEnds", { outcome });
  } finally {
    await endServing();
    await network.stop();
  }
}
