import { RPC_CODE, RpcError } from "./rpcError.ts";

/** Where a request came from: subscriptions need a connection that can be pushed to. */
export interface Caller {
  /** Sends a notification of the namespace that was subscribed to; absent over HTTP. */
  readonly notify?: (subscription: string, result: unknown, namespace: string) => void;
  /** Runs when the connection ends. */
  readonly onClose?: (listener: () => void) => void;
  /** True once the connection has ended: what still waits is not begun. */
  readonly isClosed?: () => boolean;
  /** Runs when the answer to the present request or batch has been handed to the connection. */
  readonly afterAnswer?: (listener: () => void) => void;
}

export type Method = (params: readonly unknown[], caller: Caller) => unknown | Promise<unknown>;
export type MethodTable = ReadonlyMap<string, Method>;

export interface DispatchLimits {
  readonly batchMax: number;
  readonly responseBytesMax: number;
}

type Id = string | number | null;

interface Response {
  readonly jsonrpc: "2.0";
  readonly id: Id;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export type OnMethodError = (method: string, error: unknown) => void;
/** After each call; `null` for one that was answered with a result. */
export type OnCall = (method: string, failure: RpcError | null) => void;

function failure(id: Id, error: RpcError): Response {
  const { code, message, data } = error;
  return { jsonrpc: "2.0", id, error: data === undefined ? { code, message } : { code, message, data } };
}

function isId(value: unknown): value is Id {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

interface Call {
  readonly id: Id;
  readonly isNotification: boolean;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the JSON value asks for, or the answer when it asks for nothing that can be called. */
function readCall(request: unknown): Call | Response {
  const invalid = (id: Id, message: string): Response => failure(id, new RpcError(RPC_CODE.invalidRequest, message));
  if (request === null || typeof request !== "object" || Array.isArray(request)) {
    return invalid(null, "invalid request: expected an object");
  }
  const { jsonrpc, id = null, method, params } = request as Record<string, unknown>;
  if (!isId(id)) return invalid(null, "invalid request: id");
  if (jsonrpc !== "2.0") return invalid(id, 'invalid request: jsonrpc is not "2.0"');
  if (typeof method !== "string") return invalid(id, "invalid request: method");
  const values = params ?? [];
  if (!Array.isArray(values)) return failure(id, new RpcError(RPC_CODE.invalidParams, "params must be an array"));
  return { id, isNotification: !("id" in request), method, params: values };
}

/** What one request needs besides itself. */
interface Dispatcher {
  readonly methods: MethodTable;
  readonly caller: Caller;
  readonly onError: OnMethodError;
  readonly onCall: OnCall | undefined;
}

async function run({ id, method, params }: Call, { methods, caller, onError, onCall }: Dispatcher): Promise<string> {
  try {
    const handler = methods.get(method);
    if (handler === undefined) {
      throw new RpcError(RPC_CODE.methodNotFound, `the method ${method.slice(0, 64)} does not exist/is not available`);
    }
    const result = (await handler(params, caller)) ?? null;
    // Inside the try: a result that JSON cannot hold is a failure of ours like any other.
    const text = JSON.stringify({ jsonrpc: "2.0", id, result });
    onCall?.(method, null);
    return text;
  } catch (error) {
    if (!(error instanceof RpcError)) onError(method, error);
    const told = error instanceof RpcError ? error : new RpcError(RPC_CODE.internal, "internal error");
    onCall?.(method, told);
    return JSON.stringify(failure(id, told));
  }
}

/** The text of one answer; `null` for a notification and for a client that is gone. */
async function answer(request: unknown, dispatcher: Dispatcher, bytesMax: number): Promise<string | null> {
  if (dispatcher.caller.isClosed?.() === true) return null;
  const call = readCall(request);
  if (!("method" in call)) return JSON.stringify(call);
  const text = await run(call, dispatcher);
  if (call.isNotification) return null;
  if (text.length <= bytesMax) return text;
  return JSON.stringify(failure(call.id, new RpcError(RPC_CODE.responseTooLarge, "response too large")));
}

/** As geth answers a batch that it does not begin: by one answer, to the first of its calls. */
function refuseBatch(requests: readonly unknown[], message: string): string {
  const first = requests.map(readCall).find((read) => "method" in read);
  return JSON.stringify([failure(first?.id ?? null, new RpcError(RPC_CODE.invalidRequest, message))]);
}

/** Answers the text of one request or batch; `null` when nothing is to be sent back (notifications only). */
export async function dispatch(
  text: string,
  methods: MethodTable,
  caller: Caller,
  limits: DispatchLimits,
  onError: OnMethodError,
  onCall?: OnCall,
): Promise<string | null> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return JSON.stringify(failure(null, new RpcError(RPC_CODE.parse, "parse error: body is not JSON")));
  }
  const dispatcher = { methods, caller, onError, onCall };
  if (!Array.isArray(parsed)) return answer(parsed, dispatcher, limits.responseBytesMax);
  if (parsed.length === 0) return JSON.stringify(failure(null, new RpcError(RPC_CODE.invalidRequest, "empty batch")));
  if (parsed.length > limits.batchMax) {
    return refuseBatch(parsed, `batch too large: it may have ${limits.batchMax} requests`);
  }
  const answers: string[] = [];
  let size = 2;
  // One after the other: a batch gets one connection's share of the node, not many.
  for (const request of parsed as unknown[]) {
    const answered = await answer(request, dispatcher, limits.responseBytesMax - size);
    if (answered === null) continue;
    size += answered.length + 1;
    answers.push(answered);
  }
  return answers.length === 0 ? null : `[${answers.join(",")}]`;
}
