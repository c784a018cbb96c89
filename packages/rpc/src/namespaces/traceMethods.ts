import { hexToBytes, isHex, type Result } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";
import { notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { RpcBackend, Trace, TraceFailureCode, TraceOptions } from "../ports.ts";
import { findBlock, stateNumber } from "./blockTag.ts";
import { parseCallRequest } from "./callRequest.ts";
import { parseTraceCallConfig, parseTraceConfig } from "./traceConfig.ts";

/** Replays with every step told, in geth's forms: struct logs, `callTracer`, `prestateTracer`. */
export function traceMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** (hash, config) */
    debug_traceTransaction: async (values) => {
      const hash = new Params(values).hash(0, "transactionHash");
      const { options, timeoutMs } = parseTraceConfig(values[1]);
      const location = backend.chain.transactionLocation(hash);
      if (location === undefined) throw notFound("transaction not found");
      const [found] = unwrap(await backend.tracing.transactions(location, options, timeoutMs));
      if (found === undefined) throw notFound("transaction not found");
      return explain(found.trace, options);
    },
    /** (call, block, config) */
    debug_traceCall: async (values) => {
      const request = parseCallRequest(new Params(values).object(0, "transaction"));
      const number = stateNumber(backend, values[1]);
      const { options, timeoutMs, overrides } = parseTraceCallConfig(values[2]);
      const call = { ...request, overrides };
      return explain(unwrap(await backend.tracing.call(call, number, options, timeoutMs)), options);
    },
    debug_traceBlockByNumber: (values) => traceBlock(backend, values),
    debug_traceBlockByHash: (values) => {
      new Params(values).hash(0, "blockHash");
      return traceBlock(backend, [{ blockHash: values[0] }, values[1]]);
    },
  };
}

/** (block, config) */
async function traceBlock(backend: RpcBackend, values: readonly unknown[]): Promise<unknown> {
  const { options, timeoutMs } = parseTraceConfig(values[1]);
  const record = findBlock(backend, values[0]);
  if (record === null) throw notFound("block not found");
  const { number } = record.block.header;
  if (number === 0) throw new RpcError(RPC_CODE.server, "genesis is not traceable");
  const traces = unwrap(await backend.tracing.transactions({ number, index: null }, options, timeoutMs));
  return traces.map(({ transactionHash, trace }) => ({ txHash: transactionHash, result: explain(trace, options) }));
}

function unwrap<T>(result: Result<T, TraceFailureCode>): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  if (code === "TRACE_STATE_MISSING") throw notFound(message);
  throw new RpcError(code === "TRACE_LIMIT" ? RPC_CODE.limitExceeded : RPC_CODE.server, message, { code });
}

interface CallFrame {
  readonly error?: unknown;
  readonly output?: unknown;
  readonly calls?: readonly CallFrame[];
}

/** The reasons of reverts, where they are text: the machine knows nothing of them. */
function explain(trace: Trace, { tracer }: TraceOptions): unknown {
  return tracer === "call" ? withReasons(trace as CallFrame) : trace;
}

function withReasons(frame: CallFrame): CallFrame {
  const { output, error, calls } = frame;
  const reason = error !== undefined && isHex(output) ? decodeRevertReason(hexToBytes(output)) : null;
  return {
    ...frame,
    ...(reason === null ? {} : { revertReason: reason }),
    ...(calls === undefined ? {} : { calls: calls.map(withReasons) }),
  };
}
