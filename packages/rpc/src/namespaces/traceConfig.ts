import { invalidParams } from "../jsonRpc/rpcError.ts";
import type { CallOverrides } from "../overrides.ts";
import type { RpcBackend, TraceOptions } from "../ports.ts";
import { parseOverrides } from "./parseOverrides.ts";
import { CALLS, TRACE_TIMEOUT_MS } from "./traceRuns.ts";

/** One tracer and how its result is shown. */
export interface TracePart {
  /** As it was asked for; `null` for the log of instructions. */
  readonly name: string | null;
  readonly options: TraceOptions;
  /** For tracers that tell the same in another form. */
  readonly form: TraceForm;
}

/** Which tracers and how, as the second or third parameter of `debug_trace…` says it. */
export interface TraceConfig {
  readonly parts: readonly TracePart[];
  /** Whether results stand under the names of their tracers, as geth's muxTracer has it. */
  readonly isMany: boolean;
  readonly timeoutMs: number;
}

export type TraceForm =
  | { readonly kind: "own" }
  | { readonly kind: "flat"; readonly isConvertingErrors: boolean; readonly withPrecompiles: boolean }
  /** Only that it can be run. */
  | { readonly kind: "nothing" }
  /** How often each function is called, by selector and size of the rest. */
  | { readonly kind: "selectors" };

type Fields = Readonly<Record<string, unknown>>;

const TRACERS = ["callTracer", "flatCallTracer", "prestateTracer", "4byteTracer", "noopTracer", "muxTracer"];
/** Each is a run of its own. */
const MUX_MAX = 5;
const DURATION = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
/** For calls only; elsewhere they would be ignored, so they are refused. */
const OVERRIDES = ["stateOverrides", "blockOverrides"];

export function parseTraceConfig(value: unknown): TraceConfig {
  const fields = parseObject(value, "config");
  refuse(fields, [...OVERRIDES, "txIndex"]);
  return { ...parseTracers(fields), timeoutMs: parseTimeout(fields["timeout"]) };
}

/** Of `debug_traceCall`. */
export function parseTraceCallConfig(
  backend: Pick<RpcBackend, "machineRules">,
  value: unknown,
): TraceConfig & { readonly overrides: CallOverrides } {
  const fields = parseObject(value, "config");
  refuse(fields, ["txIndex"]);
  const overrides = parseOverrides(backend, fields["stateOverrides"], fields["blockOverrides"]);
  const timeoutMs = parseTimeout(fields["timeout"]);
  return { ...parseTracers(fields), timeoutMs, overrides };
}

function refuse(fields: Fields, names: readonly string[]): void {
  const name = names.find((candidate) => fields[candidate] !== undefined && fields[candidate] !== null);
  if (name !== undefined) throw invalidParams(`${name}: not supported`);
}

function parseTracers(fields: Fields): Omit<TraceConfig, "timeoutMs"> {
  if (fields["tracer"] !== "muxTracer") return { parts: [parsePart(fields)], isMany: false };
  const configs = Object.entries(parseObject(fields["tracerConfig"], "tracerConfig"));
  if (configs.length > MUX_MAX) throw invalidParams(`tracerConfig: more than ${MUX_MAX} tracers`);
  const parts = configs.map(([tracer, tracerConfig]) => {
    if (tracer === "" || tracer === "muxTracer") throw invalidParams("tracerConfig: expected tracers by their names");
    return parsePart({ tracer, tracerConfig });
  });
  return { parts, isMany: true };
}

function parsePart(fields: Fields): TracePart {
  const name = typeof fields["tracer"] === "string" ? fields["tracer"] : null;
  return { name, options: parseOptions(fields), form: parseForm(fields) };
}

function parseOptions(fields: Fields): TraceOptions {
  const { tracer } = fields;
  const config = parseObject(fields["tracerConfig"], "tracerConfig");
  switch (tracer) {
    case undefined:
    case null:
    case "":
      return {
        tracer: "struct",
        withMemory: parseFlag(fields, "enableMemory"),
        withStack: !parseFlag(fields, "disableStack"),
        withStorage: !parseFlag(fields, "disableStorage"),
        withReturnData: parseFlag(fields, "enableReturnData"),
        limit: parseLimit(fields["limit"]),
      };
    case "callTracer":
      return { tracer: "call", onlyTopCall: parseFlag(config, "onlyTopCall"), withLogs: parseFlag(config, "withLog") };
    case "flatCallTracer":
    case "4byteTracer":
      return CALLS;
    case "noopTracer":
      return { tracer: "call", onlyTopCall: true, withLogs: false };
    case "prestateTracer":
      return {
        tracer: "prestate",
        diffMode: parseFlag(config, "diffMode"),
        withCode: !parseFlag(config, "disableCode"),
        withStorage: !parseFlag(config, "disableStorage"),
      };
    default:
      throw invalidParams(`tracer: there are ${TRACERS.join(", ")}, and none for a list of instructions`);
  }
}

function parseForm(fields: Fields): TraceForm {
  const config = parseObject(fields["tracerConfig"], "tracerConfig");
  switch (fields["tracer"]) {
    case "flatCallTracer":
      return {
        kind: "flat",
        isConvertingErrors: parseFlag(config, "convertParityErrors"),
        withPrecompiles: parseFlag(config, "includePrecompiles"),
      };
    case "4byteTracer":
      return { kind: "selectors" };
    case "noopTracer":
      return { kind: "nothing" };
    default:
      return { kind: "own" };
  }
}

function parseObject(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalidParams(`${name}: expected an object`);
  return value as Fields;
}

function parseFlag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== "boolean") throw invalidParams(`${name}: expected true or false`);
  return value;
}

function parseLimit(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw invalidParams("limit: expected a whole number, 0 for all");
  return value;
}

/** `"500ms"`, `"5s"`: a shorter time than the longest is granted. */
function parseTimeout(value: unknown): number {
  if (value === undefined || value === null || value === "") return TRACE_TIMEOUT_MS;
  const match = typeof value === "string" ? DURATION.exec(value) : null;
  if (match === null) throw invalidParams('timeout: expected a duration like "500ms" or "2s"');
  const [, amount = "0", unit = "ms"] = match;
  return Math.min(TRACE_TIMEOUT_MS, Number(amount) * (UNIT_MS[unit] ?? 1));
}
