import { type CallFrame, eachCall, withoutPrecompiles, withReasons } from "../format/callFrame.ts";
import { flattenTrace, type TracePlace } from "../format/flatTrace.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { RpcBackend, Trace, TraceOptions } from "../ports.ts";
import { callPlace, findBlock } from "./blockTag.ts";
import { parseCallRequest } from "./callRequest.ts";
import { parseTraceCallConfig, parseTraceConfig, type TraceForm } from "./traceConfig.ts";
import { locate, placeOf, traceBlock, unwrapTrace } from "./traceRuns.ts";

/** Replays with every step told, in geth's forms: struct logs, and tracers by name. */
export function traceMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** (hash, config) */
    debug_traceTransaction: async (values) => {
      const hash = new Params(values).hash(0, "transactionHash");
      const { options, form, timeoutMs } = parseTraceConfig(values[1]);
      const found = locate(backend, hash);
      if (found === null) throw notFound("transaction not found");
      const [trace] = await traceBlock(backend, found.record, found.index, options, timeoutMs);
      if (trace === undefined) throw notFound("transaction not found");
      return show(backend, trace, options, form, placeOf(found.record, found.index));
    },
    /** (call, block, config) */
    debug_traceCall: async (values) => {
      const request = parseCallRequest(new Params(values).object(0, "transaction"));
      const place = callPlace(backend, values[1]);
      const { options, form, timeoutMs, overrides } = parseTraceCallConfig(backend, values[2]);
      const call = { ...request, overrides };
      const trace = unwrapTrace(await backend.tracing.call(call, place, options, timeoutMs));
      return show(backend, trace, options, form, null);
    },
    debug_traceBlockByNumber: (values) => traceWholeBlock(backend, values),
    debug_traceBlockByHash: (values) => {
      new Params(values).hash(0, "blockHash");
      return traceWholeBlock(backend, [{ blockHash: values[0] }, values[1]]);
    },
  };
}

/** (block, config) */
async function traceWholeBlock(backend: RpcBackend, values: readonly unknown[]): Promise<unknown> {
  const { options, form, timeoutMs } = parseTraceConfig(values[1]);
  const record = findBlock(backend, values[0]);
  if (record === null) throw notFound("block not found");
  if (record.block.header.number === 0) throw new RpcError(RPC_CODE.server, "genesis is not traceable");
  const traces = await traceBlock(backend, record, null, options, timeoutMs);
  return traces.map((trace, index) => {
    const place = placeOf(record, index);
    return { txHash: place.transactionHash, result: show(backend, trace, options, form, place) };
  });
}

/** In the form that the tracer of this name has. */
function show(
  backend: RpcBackend,
  trace: Trace,
  { tracer }: TraceOptions,
  form: TraceForm,
  place: TracePlace | null,
): unknown {
  if (tracer !== "call") return trace;
  const top = trace as unknown as CallFrame;
  if (form.kind === "own") return withReasons(top);
  const precompiles = new Set<string>(Object.values(backend.machineRules().precompiles));
  const shown = form.kind === "flat" && form.withPrecompiles ? top : withoutPrecompiles(top, precompiles);
  return form.kind === "flat" ? flattenTrace(shown, place, form.isConvertingErrors) : countSelectors(shown);
}

/** `0x12345678-64`: the selector, and how many bytes follow it. */
function countSelectors(top: CallFrame): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  eachCall(top, ({ type, input }) => {
    if (!type.endsWith("CALL") && type !== "CALLCODE") return;
    if (input.length < 10) return;
    const name = `${input.slice(0, 10)}-${(input.length - 10) / 2}`;
    counts[name] = (counts[name] ?? 0) + 1;
  });
  return counts;
}
