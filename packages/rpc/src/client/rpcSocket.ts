import { OperationError } from "@festina/primitives";
import { WebSocket } from "ws";
import { RpcAnswerError, type RpcClient } from "./rpcClient.ts";

/** A connection that is pushed to, as long as it lasts. */
export interface RpcSocket extends RpcClient {
  /** (namespace, params) of `NAMESPACE_subscribe`. `listener` hears every result, in order. */
  subscribe(namespace: string, params: readonly unknown[], listener: (result: unknown) => void): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 10_000;
const CALLS_MAX = 1_000;
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;
/** Results that come before the answer that names their subscription. */
const EARLY_MAX = 1_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly params?: { readonly subscription?: unknown; readonly result?: unknown };
}

class SocketClient implements RpcSocket {
  readonly url: string;
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (result: unknown) => void>();
  #early: (readonly [string, unknown])[] = [];
  #serial = 0;

  constructor(url: string, socket: WebSocket) {
    this.url = url;
    this.#socket = socket;
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("error", () => socket.terminate());
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        for (const { reject } of this.#calls.values()) reject(this.#gone());
        this.#calls.clear();
        resolve();
      });
    });
  }

  call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#calls.size >= CALLS_MAX)
      return Promise.reject(this.#gone());
    const id = ++this.#serial;
    return new Promise<T>((resolve, reject) => {
      const late = AbortSignal.timeout(TIMEOUT_MS);
      const onLate = (): void => this.#answer(id)?.reject(this.#gone());
      late.addEventListener("abort", onLate);
      this.#calls.set(id, {
        resolve: (result) => {
          late.removeEventListener("abort", onLate);
          resolve(result as T);
        },
        reject: (error) => {
          late.removeEventListener("abort", onLate);
          reject(error);
        },
      });
      this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  async subscribe(namespace: string, params: readonly unknown[], listener: (result: unknown) => void): Promise<void> {
    const id = await this.call<string>(`${namespace}_subscribe`, params);
    this.#listeners.set(id, listener);
    const early = this.#early.filter(([subscription]) => subscription === id);
    this.#early = this.#early.filter(([subscription]) => subscription !== id);
    for (const [, result] of early) listener(result);
  }

  close(): void {
    this.#socket.terminate();
  }

  #gone(): OperationError {
    return new OperationError("RPC_UNREACHABLE", `no answer from ${this.url}; is the node running?`);
  }

  #answer(id: number): Waiting | undefined {
    const waiting = this.#calls.get(id);
    this.#calls.delete(id);
    return waiting;
  }

  #receive(text: string): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return this.#socket.terminate();
    }
    if (typeof message?.id === "number") {
      const waiting = this.#answer(message.id);
      const { error, result } = message;
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new RpcAnswerError(error.code, error.message, error.data));
      return;
    }
    const subscription = message?.params?.subscription;
    if (typeof subscription !== "string") return;
    const listener = this.#listeners.get(subscription);
    if (listener !== undefined) return listener(message.params?.result);
    this.#early.push([subscription, message.params?.result]);
    if (this.#early.length > EARLY_MAX) this.#early.shift();
  }
}

/** JSON-RPC over one WebSocket; `http` addresses are taken as `ws`. @throws OperationError RPC_UNREACHABLE */
export function connectRpcSocket(url: string): Promise<RpcSocket> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new OperationError("RPC_UNREACHABLE", `no WebSocket at ${url}; is the node running?`, cause));
    try {
      const options = { handshakeTimeout: TIMEOUT_MS, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false };
      const socket = new WebSocket(url.replace(/^http/, "ws"), options);
      socket.once("error", fail);
      socket.once("open", () => {
        socket.off("error", fail);
        // At once: what the node says first would find nobody who listens.
        resolve(new SocketClient(url, socket));
      });
    } catch (error) {
      fail(error);
    }
  });
}
