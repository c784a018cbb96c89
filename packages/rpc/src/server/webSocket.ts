import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Caller } from "../jsonRpc/dispatch.ts";
import { isHostAllowed } from "./hostCheck.ts";
import type { RpcLimits } from "./limits.ts";

/** A client that does not read what it asked for is cut off before it fills our memory. */
const BUFFERED_BYTES_MAX = 16 * 1024 * 1024;
/** Requests of one connection that wait for their turn. */
const WAITING_MAX = 1_000;

type Answer = (text: string, caller: Caller) => Promise<string | null>;

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.terminate();
  else socket.send(text);
}

function serve(socket: WebSocket, answer: Answer): void {
  const closers: (() => void)[] = [];
  const caller: Caller = {
    notify: (subscription, result) =>
      send(socket, JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } })),
    onClose: (listener) => closers.push(listener),
  };
  let waiting = 0;
  let turn: Promise<void> = Promise.resolve();
  socket.on("message", (data) => {
    if (++waiting > WAITING_MAX) {
      socket.close(1013, "too many waiting requests");
      return;
    }
    // Answers leave in the order of the questions.
    turn = turn
      .then(() => answer(data.toString(), caller))
      .then((text) => {
        waiting--;
        if (text !== null) send(socket, text);
      });
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    for (const close of closers) close();
  });
}

/** JSON-RPC over WebSocket on the HTTP server's own port. */
export function attachWebSocket(
  server: Server,
  hosts: readonly string[],
  limits: RpcLimits,
  answer: Answer,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytesMax, perMessageDeflate: false });
  server.on("upgrade", (request, socket, head) => {
    const isFull = sockets.clients.size >= limits.connectionsMax;
    if (isFull || !isHostAllowed(request.headers.host, hosts)) {
      socket.end(`HTTP/1.1 ${isFull ? "503 Service Unavailable" : "403 Forbidden"}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, answer));
  });
  return sockets;
}
