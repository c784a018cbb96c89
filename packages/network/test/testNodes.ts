import { createPrng } from "@festina/primitives";
import type { CloseReason } from "../src/closeCode.ts";
import { createNetwork } from "../src/createNetwork.ts";
import type { DiscoveryOptions } from "../src/discovery/peerDiscovery.ts";
import type { NetworkLimits } from "../src/limits.ts";
import { createMemoryHub, type MemoryHub } from "../src/memoryTransport.ts";
import type { Network, NetworkLogEvent } from "../src/network.ts";
import type { NodeId } from "../src/nodeId.ts";
import type { Connection } from "../src/transport.ts";
import { encodeFrame } from "../src/wire/frameCodec.ts";
import { encodeHandshake, type Handshake } from "../src/wire/handshake.ts";
import { handshakeOf } from "./samples.ts";
import { VirtualClock } from "./virtualClock.ts";

export interface TestNode {
  readonly network: Network;
  readonly ups: NodeId[];
  readonly downs: { readonly peerId: NodeId; readonly reason: CloseReason }[];
  readonly messages: { readonly peerId: NodeId; readonly type: string; readonly payload: Uint8Array }[];
  readonly log: NetworkLogEvent[];
}

/** Networks in one process on virtual time, 1 ms apart. */
export class TestNodes {
  readonly clock = new VirtualClock();
  /** Where nodes are seen, by id; one place for all the others. */
  readonly hosts = new Map<NodeId, string>();
  readonly hub: MemoryHub = createMemoryHub({
    clock: this.clock,
    latencyMs: 1,
    hostOf: (nodeId) => this.hosts.get(nodeId) ?? "memory",
  });

  async start(
    nodeId: NodeId,
    options: {
      readonly peers?: readonly NodeId[];
      readonly limits?: Partial<NetworkLimits>;
      readonly handshake?: Partial<Handshake>;
      readonly isListening?: boolean;
      readonly discovery?: DiscoveryOptions;
    } = {},
  ): Promise<TestNode> {
    const node: Omit<TestNode, "network"> = { ups: [], downs: [], messages: [], log: [] };
    const prng = createPrng(nodeId.charCodeAt(5));
    const network = createNetwork({
      transport: this.hub.createTransport(nodeId),
      listen: options.isListening === false ? null : { host: this.hosts.get(nodeId) ?? "memory", port: 1 },
      handshake: () => handshakeOf(options.handshake),
      peers: (options.peers ?? []).map((peer) => ({ nodeId: peer, host: "memory", port: 1 })),
      ...(options.discovery === undefined ? {} : { discovery: options.discovery }),
      limits: options.limits ?? {},
      clock: this.clock,
      random: () => prng.next() / 2 ** 32,
      events: {
        peerUp: (peer) => node.ups.push(peer.nodeId),
        peerDown: (peerId, reason) => node.downs.push({ peerId, reason }),
        message: (peerId, type, payload) => node.messages.push({ peerId, type, payload }),
      },
      log: (event) => node.log.push(event),
    });
    await network.start();
    return { network, ...node };
  }

  /** A peer that speaks in raw frames, as an attacker would. */
  async dialRaw(from: NodeId, to: NodeId): Promise<RawPeer> {
    const dialing = this.hub.createTransport(from).dial({ nodeId: to, host: "memory", port: 1 });
    await this.clock.advance(1);
    const dialed = await dialing;
    if (!dialed.ok) throw new Error(dialed.error.code);
    return new RawPeer(dialed.value, this.clock);
  }
}

export class RawPeer {
  readonly received: Uint8Array[] = [];
  closed: CloseReason | null = null;
  readonly #connection: Connection;
  readonly #clock: VirtualClock;

  constructor(connection: Connection, clock: VirtualClock) {
    this.#connection = connection;
    this.#clock = clock;
    connection.onFrame((frame) => this.received.push(frame));
    connection.onClose((reason) => {
      this.closed = reason;
    });
  }

  async send(...frames: readonly Uint8Array[]): Promise<void> {
    for (const frame of frames) this.#connection.send(frame);
    await this.#clock.advance(2);
  }

  async close(): Promise<void> {
    this.#connection.close("STOPPING");
    await this.#clock.advance(1);
  }

  greet(): Promise<void> {
    return this.send(encodeFrame("handshake", null, encodeHandshake(handshakeOf())));
  }
}
