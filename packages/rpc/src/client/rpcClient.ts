import { OperationError } from "@festina/primitives";

/** An error that the node answered with; `data` as it sent it. */
export class RpcAnswerError extends Error {
  override readonly name = "RpcAnswerError";
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export interface RpcClient {
  readonly url: string;
  /** @throws RpcAnswerError when the node says no; OperationError RPC_UNREACHABLE when it says nothing */
  call<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
}

const TIMEOUT_MS = 30_000;

export function createRpcClient(url: string): RpcClient {
  let serial = 0;
  async function call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++serial, method, params });
    let answer: { result?: T; error?: { code: number; message: string; data?: unknown } };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const received: unknown = await response.json();
      if (received === null || typeof received !== "object") throw new TypeError("the answer is not an object");
      answer = received;
    } catch (error) {
      throw new OperationError("RPC_UNREACHABLE", `no answer from ${url}; is the node running?`, error);
    }
    if (answer.error !== undefined)
      throw new RpcAnswerError(answer.error.code, answer.error.message, answer.error.data);
    return answer.result as T;
  }
  return { url, call };
}
