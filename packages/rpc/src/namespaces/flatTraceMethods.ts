import { type CallFrame, withoutPrecompiles } from "../format/callFrame.ts";
import { type FlatTrace, flattenTrace, type TracePlace } from "../format/flatTrace.ts";
import { formatStateDiff, type PrestateDiff } from "../format/stateDiff.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params, parseAddressParam, parseArray } from "../jsonRpc/params.ts";
import { invalidParams, notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, CallRequest, RpcBackend, Trace, TraceOptions } from "../ports.ts";
import { callPlace, findBlock, resolveBlockNumber } from "./blockTag.ts";
import { parseCallRequest } from "./callRequest.ts";
import { CALLS, DIFFERENCE, locate, placeOf, STEPS, TRACE_TIMEOUT_MS, traceBlock, unwrapTrace } from "./traceRuns.ts";

/** Of one query, and what its blocks may have used together: some seconds of running them again. */
const RANGE_BLOCKS_MAX = 1_000;
const RANGE_GAS_MAX = 200_000_000n;
const TRACES_MAX = 10_000;
const ADDRESSES_MAX = 1_000;
const PATH_MAX = 1_024;
/** Of one question: what their traces may take together is bounded besides. */
const CALLS_MAX = 256;

function flatten(backend: RpcBackend, trace: Trace, place: TracePlace | null): readonly FlatTrace[] {
  const precompiles = new Set<string>(Object.values(backend.machineRules().precompiles));
  return flattenTrace(withoutPrecompiles(trace as unknown as CallFrame, precompiles), place, true);
}

async function flatBlock(backend: RpcBackend, record: BlockRecord): Promise<readonly FlatTrace[]> {
  const traces = await traceBlock(backend, record, null, CALLS);
  return traces.flatMap((trace, index) => flatten(backend, trace, placeOf(record, index)));
}

/** `null` for a transaction that no final block has. */
async function flatTransaction(backend: RpcBackend, params: Params): Promise<readonly FlatTrace[] | null> {
  const found = locate(backend, params.hash(0, "transactionHash"));
  if (found === null) return null;
  const [trace] = await traceBlock(backend, found.record, found.index, CALLS);
  return trace === undefined ? null : flatten(backend, trace, placeOf(found.record, found.index));
}

interface TraceQuery {
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
  readonly skipped: number;
  readonly wanted: number;
}

function parseQuery(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): TraceQuery {
  const addresses = (name: string): ReadonlySet<string> =>
    new Set(parseArray(fields[name] ?? [], name, ADDRESSES_MAX).map((item) => parseAddressParam(item, name)));
  const count = (name: string, otherwise: number): number => {
    const value = optionalQuantity(fields[name], name) ?? BigInt(otherwise);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidParams(`${name}: too large`);
    return Number(value);
  };
  const fromBlock = resolveBlockNumber(backend, fields["fromBlock"], "fromBlock");
  const toBlock = Math.min(resolveBlockNumber(backend, fields["toBlock"], "toBlock"), backend.chain.head());
  if (toBlock - fromBlock >= RANGE_BLOCKS_MAX)
    throw new RpcError(RPC_CODE.limitExceeded, `a query spans at most ${RANGE_BLOCKS_MAX} blocks`);
  const wanted = Math.min(count("count", TRACES_MAX), TRACES_MAX);
  const [from, to] = [addresses("fromAddress"), addresses("toAddress")];
  return { fromBlock, toBlock, from, to, skipped: count("after", 0), wanted };
}

function matches({ action, result }: FlatTrace, { from, to }: TraceQuery): boolean {
  const sender = action["from"] ?? action["address"] ?? "";
  const recipient = action["to"] ?? action["refundAddress"] ?? result?.["address"] ?? "";
  return (from.size === 0 || from.has(sender)) && (to.size === 0 || to.has(recipient));
}

async function filterTraces(backend: RpcBackend, query: TraceQuery): Promise<readonly FlatTrace[]> {
  const found: FlatTrace[] = [];
  const end = query.skipped + query.wanted;
  let gasUsed = 0n;
  for (let number = query.fromBlock; number <= query.toBlock && found.length < end; number++) {
    const record = backend.chain.blockByNumber(number);
    if (record === undefined) break;
    gasUsed += record.block.header.gasUsed;
    if (gasUsed > RANGE_GAS_MAX)
      throw new RpcError(
        RPC_CODE.limitExceeded,
        `ask for less: up to block ${number - 1} is as much as one query traces`,
      );
    for (const trace of await flatBlock(backend, record)) if (matches(trace, query)) found.push(trace);
  }
  return found.slice(query.skipped, end);
}

type ReplayType = "trace" | "stateDiff" | "vmTrace";
type ReplayTypes = ReadonlySet<ReplayType>;

const isReplayType = (value: unknown): value is ReplayType =>
  value === "trace" || value === "stateDiff" || value === "vmTrace";

function parseTypes(value: unknown): ReplayTypes {
  const types = new Set<ReplayType>();
  for (const type of parseArray(value, "traceTypes", 8)) {
    if (!isReplayType(type)) throw invalidParams("traceTypes: there are trace, stateDiff and vmTrace");
    types.add(type);
  }
  return types;
}

/** Besides the calls, of which the output is told in any case. */
interface Replayed {
  readonly calls: Trace;
  readonly difference: Trace | undefined;
  readonly steps: Trace | undefined;
}

function formatReplay(backend: RpcBackend, types: ReplayTypes, { calls, difference, steps }: Replayed) {
  return {
    output: calls["output"] ?? "0x",
    trace: types.has("trace") ? flatten(backend, calls, null) : [],
    stateDiff: difference === undefined ? null : formatStateDiff(difference as unknown as PrestateDiff),
    vmTrace: steps ?? null,
  };
}

async function replay(backend: RpcBackend, record: BlockRecord, index: number | null, types: ReplayTypes) {
  const traced = (type: ReplayType, options: TraceOptions) =>
    types.has(type) ? traceBlock(backend, record, index, options) : [];
  const allCalls = await traceBlock(backend, record, index, CALLS);
  const differences = await traced("stateDiff", DIFFERENCE);
  const allSteps = await traced("vmTrace", STEPS);
  return allCalls.map((calls, position) =>
    formatReplay(backend, types, { calls, difference: differences[position], steps: allSteps[position] }),
  );
}

interface TracedCall {
  readonly request: CallRequest;
  readonly types: ReplayTypes;
}

function parseTracedCall(pair: unknown): TracedCall {
  const [call, types] = parseArray(pair, "call", 2);
  return { request: parseCallRequest(new Params([call]).object(0, "transaction")), types: parseTypes(types) };
}

async function traceCalls(backend: RpcBackend, calls: readonly TracedCall[], block: unknown) {
  const place = callPlace(backend, block);
  const wanted = calls.map(({ request, types }) => ({
    request,
    options: [CALLS, ...(types.has("stateDiff") ? [DIFFERENCE] : []), ...(types.has("vmTrace") ? [STEPS] : [])],
  }));
  const traced = unwrapTrace(await backend.tracing.calls(wanted, place, TRACE_TIMEOUT_MS));
  return traced.map(([trace, ...others], index) => {
    const { types } = calls[index] as TracedCall;
    const difference = types.has("stateDiff") ? others.shift() : undefined;
    const steps = types.has("vmTrace") ? others.shift() : undefined;
    return formatReplay(backend, types, { calls: trace as Trace, difference, steps });
  });
}

/** Calls as flat lists, and what transactions changed: the methods that OpenEthereum began with. */
export function flatTraceMethods(backend: RpcBackend): Record<string, Method> {
  return {
    trace_block: async (values) => {
      const record = findBlock(backend, values[0]);
      return record === null ? null : flatBlock(backend, record);
    },
    trace_transaction: (values) => flatTransaction(backend, new Params(values)),
    /** (hash, way from the top) */
    trace_get: async (values) => {
      const path = parseArray(values[1], "indices", PATH_MAX).map((item) => optionalQuantity(item, "indices"));
      const traces = await flatTransaction(backend, new Params(values));
      const wanted = path.join();
      return traces?.find(({ traceAddress }) => traceAddress.join() === wanted) ?? null;
    },
    trace_filter: (values) => filterTraces(backend, parseQuery(backend, new Params(values).object(0, "filter"))),
    /** (hash, types) */
    trace_replayTransaction: async (values) => {
      const hash = new Params(values).hash(0, "transactionHash");
      const types = parseTypes(values[1]);
      const found = locate(backend, hash);
      if (found === null) throw notFound("transaction not found");
      const [replayed] = await replay(backend, found.record, found.index, types);
      return replayed ?? null;
    },
    /** (block, types) */
    trace_replayBlockTransactions: async (values) => {
      const types = parseTypes(values[1]);
      const record = findBlock(backend, values[0]);
      if (record === null) return null;
      const replayed = await replay(backend, record, null, types);
      return replayed.map((one, index) => ({ ...one, transactionHash: placeOf(record, index).transactionHash }));
    },
    /** (call, types, block) */
    trace_call: async (values) => {
      const [replayed] = await traceCalls(backend, [parseTracedCall([values[0], values[1]])], values[2]);
      return replayed;
    },
    /** ([[call, types], ...], block): each on what the ones before it left */
    trace_callMany: (values) => {
      const calls = parseArray(values[0], "calls", CALLS_MAX);
      return traceCalls(backend, calls.map(parseTracedCall), values[1]);
    },
  };
}
