import {
  type CloseCode,
  type CloseReason,
  type Connection,
  closeCodeOfNumber,
  closeNumber,
  type NodeId,
} from "@festina/network";
import type { RawData, WebSocket } from "ws";
import { errorCode, type TlsTransportLimits, type TransportLog } from "./tlsSettings.ts";

/** What one read of a socket may bring before the owner, who gets the connection by a promise, has set its handler. */
const HELD_FRAMES_MAX = 256;

/** Nothing that such a peer still has to say is wanted: not even its goodbye, which comes after all it has sent. */
const UNHEARD: ReadonlySet<CloseCode> = new Set([
  "BANNED",
  "PROTOCOL_VIOLATION",
  "FRAME_OVERSIZE",
  "HANDSHAKE_INVALID",
]);
/** For our own goodbye to leave. A peer that is cut off and one that comes for the first time share the port's places. */
const UNHEARD_CLOSE_MS = 100;

/** One WebSocket as the network's `Connection`. */
export class WebSocketConnection implements Connection {
  readonly remoteNodeId: NodeId;
  readonly remoteHost: string;
  readonly #socket: WebSocket;
  readonly #limits: TlsTransportLimits;
  readonly #log: TransportLog;
  #held: Uint8Array[] | null = [];
  #onFrame: (frame: Uint8Array) => void = () => {};
  #onDrain: () => void = () => {};
  #onClose: ((reason: CloseReason) => void) | null = null;
  /** Set once; told to the owner as soon as it listens. */
  #ended: CloseReason | null = null;
  #isWaitingForDrain = false;

  constructor(options: {
    readonly socket: WebSocket;
    readonly nodeId: NodeId;
    readonly remoteHost: string;
    readonly limits: TlsTransportLimits;
    readonly log: TransportLog;
    readonly onEnded: () => void;
  }) {
    const { socket } = options;
    this.remoteNodeId = options.nodeId;
    this.remoteHost = options.remoteHost;
    this.#socket = socket;
    this.#limits = options.limits;
    this.#log = options.log;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("ping", () => this.#break("PROTOCOL_VIOLATION", "WEB_SOCKET_PING"));
    socket.on("pong", () => this.#break("PROTOCOL_VIOLATION", "WEB_SOCKET_PONG"));
    socket.on("error", (error) => {
      const code = errorCode(error);
      if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.#break("FRAME_OVERSIZE", code);
      else if (code.startsWith("WS_ERR_")) this.#break("PROTOCOL_VIOLATION", code);
    });
    socket.on("close", (number) => {
      this.#end({ code: closeCodeOfNumber(number), remote: true });
      options.onEnded();
    });
  }

  get isWritable(): boolean {
    return this.#ended === null && this.#socket.bufferedAmount < this.#limits.bufferedBytesSoft;
  }

  send(frame: Uint8Array): boolean {
    if (this.#ended !== null) return false;
    if (this.#socket.bufferedAmount + frame.length > this.#limits.bufferedBytesHard) {
      this.#socket.terminate();
      this.#end({ code: "SEND_STALLED", remote: false });
      return false;
    }
    this.#socket.send(frame, { binary: true }, (error) => {
      if (!error) this.#drain();
    });
    if (!this.isWritable) this.#isWaitingForDrain = true;
    return true;
  }

  onFrame(handler: (frame: Uint8Array) => void): void {
    this.#onFrame = handler;
    const held = this.#held ?? [];
    this.#held = null;
    for (const frame of held) if (this.#ended === null) handler(frame);
  }

  onDrain(handler: () => void): void {
    this.#onDrain = handler;
  }

  onClose(handler: (reason: CloseReason) => void): void {
    this.#onClose = handler;
    if (this.#ended !== null) this.#tellEnd(this.#ended);
  }

  close(code: CloseCode): void {
    if (this.#ended !== null) return;
    this.#onClose = null;
    this.#ended = { code, remote: false };
    this.#closeSocket(code);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#ended !== null) return;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.#break("PROTOCOL_VIOLATION", "WEB_SOCKET_TEXT");
      return;
    }
    // A plain view: `slice` of a Buffer does not copy, and decoders count on copies.
    const frame = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.#held === null) this.#onFrame(frame);
    else if (this.#held.length < HELD_FRAMES_MAX) this.#held.push(frame);
    else this.#break("PROTOCOL_VIOLATION", "FRAMES_UNREAD");
  }

  #drain(): void {
    if (!this.#isWaitingForDrain || this.#ended !== null) return;
    // Half, so that a drained connection takes more than one frame before it is full again.
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytesSoft / 2) return;
    this.#isWaitingForDrain = false;
    this.#onDrain();
  }

  #break(code: CloseCode, cause: string): void {
    if (this.#ended !== null) return;
    this.#log({ kind: "framingBroken", remoteHost: this.remoteHost, code: cause });
    this.#closeSocket(code);
    this.#end({ code, remote: false });
  }

  #closeSocket(code: CloseCode): void {
    this.#socket.close(closeNumber(code));
    const isUnheard = UNHEARD.has(code);
    // What is read is deciphered first, and a flood may have megabytes on their way.
    if (isUnheard) this.#socket.pause();
    const waitMs = isUnheard ? Math.min(UNHEARD_CLOSE_MS, this.#limits.closeTimeoutMs) : this.#limits.closeTimeoutMs;
    // A peer that does not read would otherwise keep the socket for the library's 30 s.
    const timer = setTimeout(() => this.#socket.terminate(), waitMs);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #end(reason: CloseReason): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#tellEnd(reason);
  }

  #tellEnd(reason: CloseReason): void {
    const onClose = this.#onClose;
    this.#onClose = null;
    onClose?.(reason);
  }
}
