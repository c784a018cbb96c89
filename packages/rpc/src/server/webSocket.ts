import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type Answer, Connection } from "./connection.ts";
import { isOriginGranted } from "./crossOrigin.ts";
import { isHostAllowed, isOriginAllowed } from "./hostCheck.ts";
import type { RpcLimits } from "./limits.ts";

const TRY_AGAIN_LATER = 1013;

function connect(socket: WebSocket, bodyBytesMax: number, answer: Answer): void {
  const carrier = {
    isOpen: () => socket.readyState === socket.OPEN,
    bufferedBytes: () => socket.bufferedAmount,
    send: (text: string) => socket.send(text),
    close: (reason: string) => socket.close(TRY_AGAIN_LATER, reason),
    terminate: () => socket.terminate(),
  };
  const connection = new Connection(carrier, bodyBytesMax, answer);
  socket.on("message", (data) => connection.onText(data.toString()));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => connection.onClose());
}

/** Answers with a bare status line and ends the connection; its other side may be gone already. */
export function refuseSocket(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

/** Who may connect, and how much one connection may ask. */
export interface SocketRules {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly onOriginRefused: (origin: string) => void;
  readonly limits: RpcLimits;
}

/** JSON-RPC over WebSocket on the HTTP server's own port. */
export function attachWebSocket(
  server: Server,
  { hosts, origins, onOriginRefused, limits }: SocketRules,
  answer: Answer,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytesMax, perMessageDeflate: false });
  server.on("upgrade", (request, socket, head) => {
    const { host, origin } = request.headers;
    if (!isHostAllowed(host, hosts)) return refuseSocket(socket, "403 Forbidden");
    if (!isOriginAllowed(origin, hosts) && !isOriginGranted(origin, origins)) {
      onOriginRefused(origin ?? "");
      return refuseSocket(socket, "403 Forbidden");
    }
    if (sockets.clients.size >= limits.connectionsMax) return refuseSocket(socket, "503 Service Unavailable");
    sockets.handleUpgrade(request, socket, head, (client) => connect(client, limits.bodyBytesMax, answer));
  });
  return sockets;
}
