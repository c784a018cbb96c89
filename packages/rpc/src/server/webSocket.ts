import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Caller } from "../jsonRpc/dispatch.ts";
import { isOriginGranted } from "./crossOrigin.ts";
import { isHostAllowed, isOriginAllowed } from "./hostCheck.ts";
import type { RpcLimits } from "./limits.ts";

/** A client that does not read what it asked for is cut off before it fills our memory. */
const BUFFERED_BYTES_MAX = 16 * 1024 * 1024;
/** Requests of one connection that wait for their turn, and their bytes in bodies of the largest size. */
const WAITING_MAX = 1_000;
const WAITING_BODIES_MAX = 4;

type Answer = (text: string, caller: Caller) => Promise<string | null>;

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.terminate();
  else socket.send(text);
}

/** One connection: its requests are answered one after the other, in their order. */
class Connection {
  readonly #socket: WebSocket;
  readonly #answer: Answer;
  readonly #waitingBytesMax: number;
  readonly #caller: Caller;
  readonly #closers: (() => void)[] = [];
  readonly #waiting: string[] = [];
  #afterAnswer: (() => void)[] = [];
  #waitingBytes = 0;
  #isBusy = false;
  #isClosed = false;

  constructor(socket: WebSocket, bodyBytesMax: number, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    this.#waitingBytesMax = WAITING_BODIES_MAX * bodyBytesMax;
    this.#caller = {
      notify: (subscription, result, namespace) => {
        const method = `${namespace}_subscription`;
        send(socket, JSON.stringify({ jsonrpc: "2.0", method, params: { subscription, result } }));
      },
      onClose: (listener) => this.#closers.push(listener),
      isClosed: () => this.#isClosed,
      afterAnswer: (listener) => this.#afterAnswer.push(listener),
    };
    socket.on("message", (data) => this.#onMessage(data));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => this.#onClose());
  }

  #onMessage(data: RawData): void {
    if (this.#isClosed || this.#socket.readyState !== this.#socket.OPEN) return;
    const text = data.toString();
    if (this.#waiting.length >= WAITING_MAX || this.#waitingBytes + text.length > this.#waitingBytesMax) {
      this.#socket.close(1013, "too many waiting requests");
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    // The dispatcher answers every failure of a method; what still fails here ends this connection, not the node.
    if (!this.#isBusy) this.#drain().catch(() => this.#socket.terminate());
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      this.#waitingBytes -= text.length;
      const answered = await this.#answer(text, this.#caller);
      if (answered !== null) send(this.#socket, answered);
      const listeners = this.#afterAnswer;
      this.#afterAnswer = [];
      for (const listener of listeners) listener();
    }
    this.#isBusy = false;
  }

  #onClose(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const close of this.#closers) close();
  }
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
    sockets.handleUpgrade(request, socket, head, (client) => new Connection(client, limits.bodyBytesMax, answer));
  });
  return sockets;
}
