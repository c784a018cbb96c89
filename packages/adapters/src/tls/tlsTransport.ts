import { createSecureContext } from "node:tls";
import type { Connection, NodeId, Transport } from "@festina/network";
import { assert, fail } from "@festina/primitives";
import type { WebSocket } from "ws";
import { dialPeer } from "./dialPeer.ts";
import type { NodeIdentity } from "./nodeKey.ts";
import { createPeerServer, type PeerServer } from "./peerServer.ts";
import { DEFAULT_TLS_LIMITS, secureContextOptions, type TlsTransportLimits, type TransportLog } from "./tlsSettings.ts";
import { WebSocketConnection } from "./webSocketConnection.ts";

/**
 * The network's transport over WebSocket inside TLS 1.3, both ends proved by their own pinned keys (DESIGN.md 8).
 */
export function createTlsTransport(options: {
  readonly identity: NodeIdentity;
  readonly limits?: Partial<TlsTransportLimits>;
  readonly log?: TransportLog;
}): Transport {
  const { identity } = options;
  const limits = { ...DEFAULT_TLS_LIMITS, ...options.limits };
  const log = options.log ?? (() => {});
  const secureContext = createSecureContext(secureContextOptions(identity));
  const closing = new AbortController();
  const connections = new Set<WebSocketConnection>();
  let server: PeerServer | null = null;

  function adopt(socket: WebSocket, nodeId: NodeId, remoteHost: string): Connection {
    const connection = new WebSocketConnection({
      socket,
      nodeId,
      remoteHost,
      limits,
      log,
      onEnded: () => connections.delete(connection),
    });
    connections.add(connection);
    return connection;
  }

  return {
    nodeId: identity.nodeId,
    async listen(at, onConnection) {
      assert(server === null, "a transport listens once");
      server = await createPeerServer(at, identity, limits, log, (socket, nodeId, remoteHost) => {
        onConnection(adopt(socket, nodeId, remoteHost));
      });
      return server.address;
    },
    async dial(address) {
      if (closing.signal.aborted) return fail("TRANSPORT_CLOSED", "this transport is closed");
      return dialPeer(address, secureContext, limits, closing.signal, adopt);
    },
    async close() {
      closing.abort();
      for (const connection of connections) connection.close("STOPPING");
      await server?.close();
    },
  };
}
