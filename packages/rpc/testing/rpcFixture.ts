import WebSocket from "ws";
import { createRpcServer, type RpcServer, type RpcServerOptions } from "../src/index.ts";
import { FakeBackend } from "./fakeBackend.ts";

export interface Answer {
  readonly jsonrpc: string;
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A server on a free port over a fake node, with what a test asks of it. */
export interface RpcFixture {
  readonly backend: FakeBackend;
  readonly server: RpcServer;
  /** Failures of ours that methods hit; a passing test has none. */
  readonly methodErrors: unknown[];
  post(body: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  ask(method: string, ...params: unknown[]): Promise<Answer>;
  /** The result. @throws when the answer is an error */
  result(method: string, ...params: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** The machine's, for servers that tests start; they set no timers. */
export const testClock = { nowMs: () => performance.now(), setTimer: () => ({ cancel: () => undefined }) };

export async function startFixture(options: Partial<RpcServerOptions> = {}): Promise<RpcFixture> {
  const backend = new FakeBackend();
  const methodErrors: unknown[] = [];
  const server = await createRpcServer(backend, {
    host: "127.0.0.1",
    port: 0,
    clock: testClock,
    onMethodError: (method, error) => methodErrors.push([method, error]),
    ...options,
  });
  const post: RpcFixture["post"] = async (body, headers = {}) => {
    const response = await fetch(server.url, { method: "POST", body, headers });
    return { status: response.status, text: await response.text() };
  };
  const ask: RpcFixture["ask"] = async (method, ...params) =>
    JSON.parse((await post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }))).text) as Answer;
  return {
    backend,
    server,
    methodErrors,
    post,
    ask,
    result: async (method, ...params) => {
      const answer = await ask(method, ...params);
      if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.code} ${answer.error.message}`);
      return answer.result;
    },
    close: () => server.close(),
  };
}

/** A WebSocket whose messages are read one by one. */
export class SocketReader {
  readonly socket: WebSocket;
  readonly #messages: unknown[] = [];
  readonly #readers: ((message: unknown) => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const message: unknown = JSON.parse(data.toString());
      const reader = this.#readers.shift();
      if (reader === undefined) this.#messages.push(message);
      else reader(message);
    });
  }

  static open(port: number, options: WebSocket.ClientOptions = {}): Promise<SocketReader> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, options);
      const reader = new SocketReader(socket);
      socket.once("open", () => resolve(reader));
      socket.once("error", reject);
    });
  }

  next(): Promise<unknown> {
    const message = this.#messages.shift();
    return message === undefined ? new Promise((resolve) => this.#readers.push(resolve)) : Promise.resolve(message);
  }

  /** Messages that came and were not read. */
  get unread(): number {
    return this.#messages.length;
  }

  send(method: string, ...params: unknown[]): void {
    this.socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  }

  async ask(method: string, ...params: unknown[]): Promise<Answer> {
    this.send(method, ...params);
    return (await this.next()) as Answer;
  }

  /** Resolves once the connection has ended, on either side. */
  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.once("close", resolve));
  }
}
