import { type CallFrame, eachCall, withoutPrecompiles, withReasons } from "../format/callFrame.ts";
import { flattenTrace, type TracePlace } from "../format/flatTrace.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { RpcBackend, Trace, TraceOptions } from "../ports.ts";
import { callPlace, findBlock } from "./blockTag.ts";
import { parseCallRequest } from "./callRequest.ts";
import {
  parseTraceCallConfig,
  parseTraceConfig,
  type TraceConfig,
  type TraceForm,
  type TracePart,
} from "./traceConfig.ts";
import { locate, placeOf, traceBlock, unwrapTrace } from "./traceRuns.ts";

/** Replays with every step told, in geth's forms: struct logs, and tracers by name. */
export function traceMethods(backend: RpcBackend): Record<string, Method> {
  return {
    /** (hash, config) */
    debug_traceTransaction: async (values) => {
      const hash = new Params(values).hash(0, "transactionHash");
      const config = parseTraceConfig(values[1]);
      const found = locate(backend, hash);
      if (found === null) throw notFound("transaction not found");
      const { record, index } = found;
      const place = placeOf(record, index);
      return mapParts(config, async ({ options, form }) => {
        const [trace] = await traceBlock(backend, record, index, options, config.timeoutMs);
        if (trace === undefined) throw notFound("transaction not found");
        return show(backend, trace, options, form, place);
      });
    },
    /** (call, block, config) */
    debug_traceCall: async (values) => {
      const request = parseCallRequest(new Params(values).object(0, "transaction"));
      const place = callPlace(backend, values[1]);
      const config = parseTraceCallConfig(backend, values[2]);
      const call = { ...request, overrides: config.overrides };
      return mapParts(config, async ({ options, form }) => {
        const trace = unwrapTrace(await backend.tracing.call(call, place, options, config.timeoutMs));
        return show(backend, trace, options, form, null);
      });
    },
    debug_traceBlockByNumber: (values) => traceWholeBlock(backend, values),
    debug_traceBlockByHash: (values) => {
      new Params(values).hash(0, "blockHash");
      return traceWholeBlock(backend, [{ blockHash: values[0] }, values[1]]);
    },
  };
}

/** As geth calls a block that it does not find. */
function nameBlock(tag: unknown): string {
  return typeof tag === "string" && /^0x[0-9a-f]+$/i.test(tag) ? `block #${BigInt(tag)}` : "block";
}

/** (block, config) */
async function traceWholeBlock(backend: RpcBackend, values: readonly unknown[]): Promise<unknown> {
  const { parts, isMany, timeoutMs } = parseTraceConfig(values[1]);
  const record = findBlock(backend, values[0]);
  if (record === null) throw notFound(`${nameBlock(values[0])} not found`);
  if (record.block.header.number === 0) throw new RpcError(RPC_CODE.server, "genesis is not traceable");
  const shown: (readonly unknown[])[] = [];
  for (const { options, form } of parts) {
    const traces = await traceBlock(backend, record, null, options, timeoutMs);
    shown.push(traces.map((trace, index) => show(backend, trace, options, form, placeOf(record, index))));
  }
  return record.transactions.map((_, index) => {
    const results = shown.map((column) => column[index]);
    const result = isMany ? Object.fromEntries(parts.map(({ name }, at) => [name, results[at]])) : results[0];
    return { txHash: placeOf(record, index).transactionHash, result };
  });
}

/** One after the other; under their names where there may be many. */
async function mapParts(
  { parts, isMany }: Pick<TraceConfig, "parts" | "isMany">,
  run: (part: TracePart) => Promise<unknown>,
): Promise<unknown> {
  const results: [string | null, unknown][] = [];
  for (const part of parts) results.push([part.name, await run(part)]);
  return isMany ? Object.fromEntries(results) : results[0]?.[1];
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
  if (form.kind === "nothing") return {};
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
