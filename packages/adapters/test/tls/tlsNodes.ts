import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import {
  type CloseReason,
  type Connection,
  createNetwork,
  type Handshake,
  type ListenAddress,
  type Network,
  type NetworkLogEvent,
  type NodeId,
  PROTOCOL_VERSION,
  type Transport,
} from "@festina/network";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { createSystemClock } from "../../src/clock/systemClock.ts";
import { createNodeIdentity, type NodeIdentity } from "../../src/tls/nodeKey.ts";
import type { TlsTransportLimits, TransportLogEvent } from "../../src/tls/tlsSettings.ts";
import { createTlsTransport } from "../../src/tls/tlsTransport.ts";

export const LOOPBACK = "127.0.0.1";

export const HANDSHAKE: Handshake = {
  protocolVersion: PROTOCOL_VERSION,
  specHash: ZERO_HASH,
  genesisHash: ZERO_HASH as Hash32,
  role: "observer",
  agent: "festina/test",
  headNumber: 0,
  snailNumber: 0,
};

/** Resolves as soon as the condition holds; polls, since what is awaited happens in other objects' callbacks. */
export async function until(condition: () => boolean, what: string, timeoutMs = 8_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface TlsNode {
  readonly identity: NodeIdentity;
  readonly network: Network;
  readonly at: ListenAddress;
  readonly ups: NodeId[];
  readonly downs: CloseReason[];
  readonly messages: Uint8Array[];
  readonly log: NetworkLogEvent[];
  readonly transportLog: TransportLogEvent[];
}

/** Everything that a test opens on the loopback, closed together. */
export class TlsNodes {
  readonly #closers: (() => Promise<void> | void)[] = [];

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()));
  }

  transport(options: {
    readonly identity?: NodeIdentity;
    readonly limits?: Partial<TlsTransportLimits>;
    readonly log?: (event: TransportLogEvent) => void;
  }): Transport {
    const transport = createTlsTransport({ identity: createNodeIdentity(), ...options });
    this.#closers.push(() => transport.close());
    return transport;
  }

  /** A transport that listens and hands out what it accepts. */
  async listener(
    options: Parameters<TlsNodes["transport"]>[0] = {},
  ): Promise<{ readonly transport: Transport; readonly at: ListenAddress; readonly accepted: Connection[] }> {
    const transport = this.transport(options);
    const accepted: Connection[] = [];
    const at = await transport.listen({ host: LOOPBACK, port: 0 }, (connection) => accepted.push(connection));
    return { transport, at, accepted };
  }

  async node(
    options: {
      readonly identity?: NodeIdentity;
      readonly port?: number;
      readonly limits?: Partial<TlsTransportLimits>;
    } = {},
  ): Promise<TlsNode> {
    const identity = options.identity ?? createNodeIdentity();
    const records = { ups: [] as NodeId[], downs: [] as CloseReason[], messages: [] as Uint8Array[] };
    const log: NetworkLogEvent[] = [];
    const transportLog: TransportLogEvent[] = [];
    const network = createNetwork({
      transport: createTlsTransport({
        identity,
        limits: options.limits ?? {},
        log: (event) => transportLog.push(event),
      }),
      listen: { host: LOOPBACK, port: options.port ?? 0 },
      handshake: () => HANDSHAKE,
      peers: [],
      limits: { dialBackoffMsMin: 20, dialBackoffMsMax: 40, dialYieldMs: 0 },
      clock: createSystemClock(),
      random: () => 0,
      events: {
        peerUp: (peer) => records.ups.push(peer.nodeId),
        peerDown: (_peer, reason) => records.downs.push(reason),
        message: (_peer, _type, payload) => records.messages.push(payload),
      },
      log: (event) => log.push(event),
    });
    this.#closers.push(() => network.stop());
    const at = await network.start();
    if (at === null) throw new Error("the node does not listen");
    return { identity, network, at, ...records, log, transportLog };
  }

  tcp(at: ListenAddress): Socket {
    const socket = connectTcp(at.port, at.host);
    socket.on("error", () => {});
    this.#closers.push(() => void socket.destroy());
    return socket;
  }

  tls(at: ListenAddress, options: ConnectionOptions = {}): TLSSocket {
    const socket = connectTls({ ...options, host: at.host, port: at.port, rejectUnauthorized: false });
    socket.on("error", () => {});
    this.#closers.push(() => void socket.destroy());
    return socket;
  }
}
