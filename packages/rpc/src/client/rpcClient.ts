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

interface Answer<T> {
  readonly result?: T;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown } | null;
}

/** The body of the answer. @throws OperationError RPC_UNREACHABLE, with why */
async function post(url: string, body: string): Promise<string> {
  const unreachable = (message: string, cause?: unknown) => new OperationError("RPC_UNREACHABLE", message, cause);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw unreachable(`"${url.slice(0, 80)}" is no address of a node's RPC; http://127.0.0.1:8545 is one`);
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return await response.text();
  } catch (error) {
    if ((error as Error).name === "TimeoutError")
      throw unreachable(`no answer from ${url} within ${TIMEOUT_MS / 1_000} s; its log says what it does`, error);
    throw unreachable(`no answer from ${url}; is the node running?`, error);
  }
}

/** `null` for what is no answer of JSON-RPC. Some servers give both, and `null` for the one that is not meant. */
function readAnswer<T>(text: string): Answer<T> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== "object") return null;
  const { error } = value as { readonly error?: unknown };
  if (error === undefined || error === null) return "result" in value ? (value as Answer<T>) : null;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === "number" && typeof message === "string" ? (value as Answer<T>) : null;
}

export function createRpcClient(url: string): RpcClient {
  let serial = 0;
  async function call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++serial, method, params });
    const answer = readAnswer<T>(await post(url, body));
    if (answer === null)
      throw new OperationError("RPC_UNREACHABLE", `what answers at ${url} is no node: it does not speak JSON-RPC`);
    if (answer.error !== undefined && answer.error !== null)
      throw new RpcAnswerError(answer.error.code, answer.error.message, answer.error.data);
    return answer.result as T;
  }
  return { url, call };
}
