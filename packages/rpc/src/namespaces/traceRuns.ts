// Runs again what has run, for every namespace that shows it: one place asks, and turns refusals into errors.
import type { Result } from "@festina/primitives";
import type { CallFrame } from "../format/callFrame.ts";
import type { TracePlace } from "../format/flatTrace.ts";
import { notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend, Trace, TraceFailureCode, TraceOptions, TransactionTrace } from "../ports.ts";

/** A trace keeps its thread: no request may have longer, whatever it asks for. */
export const TRACE_TIMEOUT_MS = 2_000;
export const CALLS: TraceOptions = { tracer: "call", onlyTopCall: false, withLogs: false };
export const DIFFERENCE: TraceOptions = { tracer: "prestate", diffMode: true, withCode: true, withStorage: true };
export const STEPS: TraceOptions = { tracer: "vm" };

export function unwrapTrace<T>(result: Result<T, TraceFailureCode>): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  if (code === "TRACE_STATE_MISSING") throw notFound(message);
  throw new RpcError(code === "TRACE_LIMIT" ? RPC_CODE.limitExceeded : RPC_CODE.server, message, { code });
}

/** A final transaction's place, and the block. `null` for one that nobody knows. */
export function locate(
  backend: RpcBackend,
  hash: TransactionTrace["transactionHash"],
): { readonly record: BlockRecord; readonly index: number } | null {
  const location = backend.chain.transactionLocation(hash);
  const record = location === undefined ? undefined : backend.chain.blockByNumber(location.number);
  return location === undefined || record === undefined ? null : { record, index: location.index };
}

export function placeOf({ block }: BlockRecord, index: number): TracePlace {
  return {
    blockHash: block.hash,
    blockNumber: block.header.number,
    transactionHash: block.transactions[index]?.hash ?? "0x",
    transactionPosition: index,
  };
}

/** Of one transaction of a block, or of all in their order. */
export async function traceBlock(
  backend: RpcBackend,
  { block }: BlockRecord,
  index: number | null,
  options: TraceOptions,
  timeoutMs: number = TRACE_TIMEOUT_MS,
): Promise<readonly Trace[]> {
  const { number } = block.header;
  // Nothing has run in the first block.
  if (number === 0 || block.transactions.length === 0) return [];
  const traces = unwrapTrace(await backend.tracing.transactions({ number, index }, options, timeoutMs));
  return traces.map(({ trace }) => trace);
}

/** The calls of one transaction, as a tree. */
export async function traceCalls(backend: RpcBackend, record: BlockRecord, index: number): Promise<CallFrame> {
  const [trace] = await traceBlock(backend, record, index, CALLS);
  if (trace === undefined) throw notFound("transaction not found");
  return trace as unknown as CallFrame;
}
