// JSON-RPC with a node that may be slow, busy, gone, or not what it says it is.
import { type Clock, pause } from "@festina/primitives";
import { StateUnreachableError } from "@festina/tvm";
import type { Patience } from "./forkPort.ts";

export const USUAL_PATIENCE: Patience = { timeoutMs: 20_000, pausesMs: [250, 500, 1_000] };

/** The remote said no, in its own words. */
export class RemoteRefusal extends Error {
  override readonly name = "RemoteRefusal";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export type RemoteCall = readonly [method: string, params: readonly unknown[]];

/** Of one answer: blocks with their traces are long, states are not. */
const ANSWER_BYTES_MAX = 128 * 1024 * 1024;
const RETRY_AFTER_MS_MAX = 5_000;
const MESSAGE_CHARACTERS_MAX = 300;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
/** By which providers say in JSON that there were too many requests (EIP-1474). */
const LIMIT_EXCEEDED = -32005;

/** An attempt that may succeed when it is repeated. */
class Busy extends StateUnreachableError {
  readonly afterMs: number;

  constructor(code: string, message: string, afterMs = 0) {
    super(code, message);
    this.afterMs = afterMs;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Without what could steer a terminal. */
const told = (text: string): string => text.replace(/[^\x20-\x7e]+/g, " ").slice(0, MESSAGE_CHARACTERS_MAX);

export class RemoteClient {
  readonly url: string;
  /** What messages name: the rest of an address often holds a key. */
  readonly host: string;
  readonly #patience: Patience;
  readonly #clock: Clock;
  #takesBatches = true;
  #serial = 0;

  /** `url`: as `isRemoteUrl` has it. */
  constructor(url: string, clock: Clock, patience: Patience = USUAL_PATIENCE) {
    this.url = url;
    this.host = new URL(url).host;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** @throws RemoteRefusal, StateUnreachableError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const id = ++this.#serial;
    return this.#persistently(async () => this.#resultOf(await this.#post({ jsonrpc: "2.0", id, method, params }), id));
  }

  /** All of them, in one round trip where the remote takes that. @throws RemoteRefusal, StateUnreachableError */
  async callAll(calls: readonly RemoteCall[]): Promise<readonly unknown[]> {
    if (!this.#takesBatches || calls.length === 1) return this.#callEach(calls);
    const requests = calls.map(([method, params]) => ({ jsonrpc: "2.0", id: ++this.#serial, method, params }));
    const answers = await this.#persistently(async () => {
      const answer = await this.#post(requests);
      if (!Array.isArray(answer)) return null;
      return requests.map(({ id }) =>
        this.#resultOf(
          answer.find((one) => isFields(one) && one["id"] === id),
          id,
        ),
      );
    });
    if (answers !== null) return answers;
    this.#takesBatches = false;
    return this.#callEach(calls);
  }

  async #callEach(calls: readonly RemoteCall[]): Promise<readonly unknown[]> {
    const results: unknown[] = [];
    for (const [method, params] of calls) results.push(await this.call(method, params));
    return results;
  }

  /** @throws StateUnreachableError FORK_ANSWER_INVALID, in words that name what is wrong */
  invalid(what: string): StateUnreachableError {
    return new StateUnreachableError("FORK_ANSWER_INVALID", `the chain at ${this.host} answers with ${what}`);
  }

  async #persistently<T>(attempt: () => Promise<T>): Promise<T> {
    for (const pauseMs of this.#patience.pausesMs) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Busy)) throw error;
        await pause(this.#clock, Math.max(pauseMs, error.afterMs));
      }
    }
    return attempt();
  }

  async #post(body: unknown): Promise<unknown> {
    const response = await this.#exchange(JSON.stringify(body));
    try {
      return JSON.parse(response);
    } catch {
      throw this.invalid("what is no JSON");
    }
  }

  /** The text of the answer, whose length is bounded. */
  async #exchange(body: string): Promise<string> {
    try {
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(this.#patience.timeoutMs);
      const response = await fetch(this.url, { method: "POST", headers, body, signal });
      if (response.status === TOO_MANY_REQUESTS || response.status >= SERVER_ERROR) throw this.#busy(response);
      return await this.#read(response);
    } catch (error) {
      if (error instanceof StateUnreachableError) throw error;
      const { timeoutMs } = this.#patience;
      if ((error as Error).name === "TimeoutError")
        throw new StateUnreachableError("FORK_TIMEOUT", `the chain at ${this.host} gave no answer in ${timeoutMs} ms`);
      const { cause } = error as { readonly cause?: { readonly code?: unknown; readonly message?: unknown } };
      const reason = cause?.code ?? cause?.message;
      const why = typeof reason === "string" ? ` (${told(reason)})` : "";
      throw new Busy("FORK_UNREACHABLE", `the chain at ${this.host} cannot be reached${why}`);
    }
  }

  #busy({ status, headers, body }: Response): Busy {
    void body?.cancel();
    if (status !== TOO_MANY_REQUESTS)
      return new Busy("FORK_UNREACHABLE", `the chain at ${this.host} answers with HTTP status ${status}`);
    const afterMs = Number(headers.get("retry-after") ?? 0) * 1000;
    const waitMs = Number.isFinite(afterMs) ? Math.min(Math.max(afterMs, 0), RETRY_AFTER_MS_MAX) : 0;
    return new Busy("FORK_RATE_LIMITED", `the chain at ${this.host} takes no more requests for now`, waitMs);
  }

  async #read({ body }: Response): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of body ?? []) {
      length += part.length;
      if (length > ANSWER_BYTES_MAX) throw this.invalid(`more than ${ANSWER_BYTES_MAX} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }

  #resultOf(answer: unknown, id: number): unknown {
    if (!isFields(answer)) throw this.invalid("what is no JSON-RPC");
    const { error, result } = answer;
    if (error !== undefined && error !== null) {
      const { code, message, data } = isFields(error) ? error : {};
      if (typeof code !== "number" || typeof message !== "string") throw this.invalid("what is no JSON-RPC");
      if (code === LIMIT_EXCEEDED || code === TOO_MANY_REQUESTS)
        throw new Busy("FORK_RATE_LIMITED", `the chain at ${this.host}: ${told(message)}`);
      throw new RemoteRefusal(code, told(message), data);
    }
    if (result === undefined || answer["id"] !== id) throw this.invalid("what is no JSON-RPC");
    return result;
  }
}

/** Whether it can be the address of a node's RPC. */
export function isRemoteUrl(url: string): boolean {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}
