import { RPC_CODE, RpcError } from "./rpcError.ts";

/** Where a request came from: subscriptions need a connection that can be pushed to. */
export interface Caller {
  /** Sends a notification; absent over HTTP. */
  readonly notify?: (subscription: string, result: unknown) => void;
  /** Runs when the connection ends. */
  readonly onClose?: (listener: () => void) => void;
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

function failure(id: Id, error: RpcError): Response {
  const { code, message, data } = error;
  return { jsonrpc: "2.0", id, error: data === undefined ? { code, message } : { code, message, data } };
}

function isId(value: unknown): value is Id {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

async function answer(
  request: unknown,
  methods: MethodTable,
  caller: Caller,
  onError: OnMethodError,
): Promise<Response | null> {
  if (request === null || typeof request !== "object" || Array.isArray(request)) {
    return failure(null, new RpcError(RPC_CODE.invalidRequest, "invalid request: expected an object"));
  }
  const { jsonrpc, id, method, params } = request as Record<string, unknown>;
  const isNotification = !("id" in request);
  if (!isNotification && !isId(id)) return failure(null, new RpcError(RPC_CODE.invalidRequest, "invalid request: id"));
  const known = isNotification ? null : (id as Id);
  if (jsonrpc !== "2.0")
    return failure(known, new RpcError(RPC_CODE.invalidRequest, 'invalid request: jsonrpc is not "2.0"'));
  if (typeof method !== "string")
    return failure(known, new RpcError(RPC_CODE.invalidRequest, "invalid request: method"));
  if (params !== undefined && !Array.isArray(params)) {
    return failure(known, new RpcError(RPC_CODE.invalidParams, "params must be an array"));
  }
  const handler = methods.get(method);
  try {
    if (handler === undefined) {
      throw new RpcError(RPC_CODE.methodNotFound, `the method ${method.slice(0, 64)} does not exist/is not available`);
    }
    const result = (await handler((params as readonly unknown[] | undefined) ?? [], caller)) ?? null;
    return isNotification ? null : { jsonrpc: "2.0", id: known, result };
  } catch (error) {
    if (!(error instanceof RpcError)) onError(method, error);
    const known_ = error instanceof RpcError ? error : new RpcError(RPC_CODE.internal, "internal error");
    return isNotification ? null : failure(known, known_);
  }
}

function serialize(response: Response, limits: DispatchLimits): string {
  const text = JSON.stringify(response);
  if (text.length <= limits.responseBytesMax) return text;
  return JSON.stringify(failure(response.id, new RpcError(RPC_CODE.limitExceeded, "response exceeds the size limit")));
}

/** Answers the text of one request or batch; `null` when nothing is to be sent back (notifications only). */
export async function dispatch(
  text: string,
  methods: MethodTable,
  caller: Caller,
  limits: DispatchLimits,
  onError: OnMethodError,
): Promise<string | null> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return JSON.stringify(failure(null, new RpcError(RPC_CODE.parse, "parse error: body is not JSON")));
  }
  if (!Array.isArray(parsed)) {
    const response = await answer(parsed, methods, caller, onError);
    return response === null ? null : serialize(response, limits);
  }
  if (parsed.length === 0) return JSON.stringify(failure(null, new RpcError(RPC_CODE.invalidRequest, "empty batch")));
  if (parsed.length > limits.batchMax) {
    return JSON.stringify(
      failure(null, new RpcError(RPC_CODE.limitExceeded, `batch exceeds ${limits.batchMax} requests`)),
    );
  }
  const answers: string[] = [];
  let size = 2;
  // One after the other: a batch gets one connection's share of the node, not many.
  for (const request of parsed) {
    const response = await answer(request, methods, caller, onError);
    if (response === null) continue;
    const serialized = serialize(response, { ...limits, responseBytesMax: limits.responseBytesMax - size });
    size += serialized.length + 1;
    answers.push(serialized);
  }
  return answers.length === 0 ? null : `[${answers.join(",")}]`;
}
