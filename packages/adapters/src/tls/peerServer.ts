import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { createServer as createDoor, type Server as Door, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { ListenAddress, NodeId } from "@festina/network";
import { OperationError } from "@festina/primitives";
import { type WebSocket, WebSocketServer } from "ws";
import { CallerMeter } from "./callerMeter.ts";
import { authenticate } from "./certificate.ts";
import type { NodeIdentity } from "./nodeKey.ts";
import {
  errorCode,
  PEER_PATH,
  remoteHostOf,
  secureContextOptions,
  type TlsTransportLimits,
  type TransportLog,
  type UpgradeRefusal,
  WEB_SOCKET_OPTIONS,
} from "./tlsSettings.ts";

export interface PeerServer {
  readonly address: ListenAddress;
  /** Stops taking callers; ends when the last socket has ended, after `closeTimeoutMs` at the latest. */
  close(): Promise<void>;
}

type OnSocket = (socket: WebSocket, nodeId: NodeId, remoteHost: string) => void;

const HTTP_HEADER_BYTES_MAX = 4_096;

/** The listening end. Whatever arrives on the port, only an authenticated WebSocket comes out. @throws OperationError */
export async function createPeerServer(
  at: ListenAddress,
  identity: NodeIdentity,
  limits: TlsTransportLimits,
  log: TransportLog,
  onSocket: OnSocket,
): Promise<PeerServer> {
  const server = createServer({
    ...secureContextOptions(identity),
    requestCert: true,
    handshakeTimeout: limits.handshakeTimeoutMs,
    headersTimeout: limits.handshakeTimeoutMs,
    requestTimeout: limits.handshakeTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.handshakeTimeoutMs),
    keepAliveTimeout: 1_000,
    maxHeaderSize: HTTP_HEADER_BYTES_MAX,
    noDelay: true,
  });
  const callers = new CallerMeter(limits);
  const door = createDoor({ noDelay: true }, (socket) => {
    const remoteHost = socket.remoteAddress ?? "";
    if (callers.admit(remoteHost, performance.now())) server.emit("connection", socket);
    else {
      log({ kind: "callerRefused", remoteHost });
      socket.destroy();
    }
  });
  door.maxConnections = limits.socketsMax;
  const webSocketServer = new WebSocketServer({ ...WEB_SOCKET_OPTIONS, noServer: true, clientTracking: false });
  refuseGarbage(server, webSocketServer, log);
  server.on("upgrade", (request, socket, head) => {
    const caller = identifyCaller(request, socket);
    if (typeof caller === "string") {
      log({ kind: "upgradeRefused", remoteHost: hostOf(socket), code: caller });
      refuse(socket, "403 Forbidden");
      return;
    }
    webSocketServer.handleUpgrade(request, socket, head, (webSocket) =>
      onSocket(webSocket, caller.nodeId, hostOf(socket)),
    );
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const address = await bind(door, at);
  door.on("error", (cause) => log({ kind: "listenerFailed", cause }));
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        // Callers that are still in a handshake know no goodbye and are not waited for longer than those that do.
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, limits.closeTimeoutMs);
        door.close(() => {
          clearTimeout(timer);
          // It has never listened, but keeps a timer that looks for slow callers.
          server.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Every way in which something that is no peer can end, so that none of them ends the process. */
function refuseGarbage(server: Server, webSocketServer: WebSocketServer, log: TransportLog): void {
  const secured = new WeakSet<Duplex>();
  server.on("secureConnection", (socket) => secured.add(socket));
  // Node reports failed TLS handshakes here too.
  server.on("clientError", (error, socket) => {
    const kind = secured.has(socket) ? "httpRefused" : "tlsRefused";
    log({ kind, remoteHost: hostOf(socket), code: errorCode(error) });
    if (kind === "httpRefused") refuse(socket, "400 Bad Request");
    else socket.destroy();
  });
  server.on("request", (request, response) => {
    log({ kind: "upgradeRefused", remoteHost: remoteHostOf(request.socket), code: "UPGRADE_MISSING" });
    response.writeHead(426, { connection: "close" }).end();
  });
  webSocketServer.on("wsClientError", (_error, socket) => {
    log({ kind: "upgradeRefused", remoteHost: hostOf(socket), code: "WEB_SOCKET_INVALID" });
    refuse(socket, "400 Bad Request");
  });
}

function identifyCaller(request: IncomingMessage, socket: Duplex): { readonly nodeId: NodeId } | UpgradeRefusal {
  if (request.url !== PEER_PATH) return "PATH_UNKNOWN";
  if (!(socket instanceof TLSSocket)) return "CERTIFICATE_MISSING";
  const peer = authenticate(socket);
  return peer.ok ? { nodeId: peer.value } : peer.error.code;
}

function refuse(socket: Duplex, status: string): void {
  // The other side may be gone already; that is no news.
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  else socket.destroy();
}

function hostOf(socket: Duplex): string {
  return socket instanceof TLSSocket ? remoteHostOf(socket) : "";
}

function bind(server: Door, at: ListenAddress): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    const onError = (cause: unknown): void => {
      const code = errorCode(cause) === "EADDRINUSE" ? "PORT_IN_USE" : "LISTEN_FAILED";
      reject(new OperationError(code, `cannot listen for peers on ${at.host}:${at.port}`, cause));
    };
    server.once("error", onError);
    server.listen(at.port, at.host, () => {
      server.off("error", onError);
      const bound = server.address();
      resolve({ host: at.host, port: typeof bound === "object" && bound !== null ? bound.port : at.port });
    });
  });
}
