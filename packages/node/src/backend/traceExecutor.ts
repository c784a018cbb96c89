import type { ChainSpec } from "@festina/chainspec";
import { FEE_POT } from "@festina/contracts";
import type { RecoverPublicKey } from "@festina/crypto";
import { replayBlock } from "@festina/fastchain";
import { type Address, assert, type Clock, fail, ok, type Result } from "@festina/primitives";
import type {
  CallPlace,
  CallRequest,
  Trace,
  TraceFailureCode,
  TraceGate,
  TraceOptions,
  TransactionTrace,
} from "@festina/rpc";
import type { StateStore, WorldState } from "@festina/state";
import {
  type BlockContext,
  computeContractAddress,
  type Engine,
  EngineFaultError,
  readAccount,
  simulateCall,
  type TracingEngine,
} from "@festina/tvm";
import { type RecoveredTransaction, recoverAuthority, type Transaction } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import { CALL_GAS_MAX, type CallEnvironment, toCall } from "./callEnvironment.ts";
import type { OpenEnvironment } from "./waitingTransactions.ts";
import { createWatch, TraceLimitError, type Watch, type WatchedOutcome } from "./watch.ts";

export interface TraceExecutorOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly states: StateStore;
  /** For what runs before the watched transaction. */
  readonly engine: Engine;
  readonly recoverPublicKey: RecoverPublicKey;
  readonly recover: (transaction: Transaction) => Result<RecoveredTransaction>;
  /** `null` where nothing can be watched. */
  readonly loadTracing: (() => Promise<TracingEngine>) | null;
  readonly clock: Clock;
  /** The state after a block and what a call on it sees of the next one. */
  readonly openEnvironment: OpenEnvironment;
}

/** Of all traces of a block together. */
const BYTES_MAX = 20 * 1024 * 1024;
const MISSING: Result<never, TraceFailureCode> = fail("TRACE_STATE_MISSING", "required historical state unavailable");

/** `debug_trace…`: runs transactions and calls again on the kernel that tells about every instruction. */
export function createTraceExecutor(options: TraceExecutorOptions): TraceGate {
  let loading: Promise<TracingEngine> | null = null;
  const watched = async <T>(
    run: (tracing: TracingEngine) => Promise<Result<T, TraceFailureCode>>,
  ): Promise<Result<T, TraceFailureCode>> => {
    if (options.loadTracing === null) return fail("TRACE_UNAVAILABLE", "this node does not trace");
    loading ??= options.loadTracing();
    try {
      return await run(await loading);
    } catch (error) {
      if (error instanceof EngineFaultError && error.cause instanceof TraceLimitError)
        return fail("TRACE_LIMIT", error.cause.message);
      throw error;
    }
  };
  return {
    transactions: (place, traceOptions, timeoutMs) =>
      watched((tracing) => traceTransactions(options, tracing, place, traceOptions, timeoutMs)),
    call: (request, place, traceOptions, timeoutMs) =>
      watched(async (tracing) => {
        const environment = await options.openEnvironment(place, request.overrides);
        if (environment === undefined) return MISSING;
        return traceCall(options, tracing, environment, request, traceOptions, options.clock.nowMs() + timeoutMs);
      }),
    calls: (steps, place, timeoutMs) => watched((tracing) => traceCalls(options, tracing, steps, place, timeoutMs)),
  };
}

/** Of a block: all transactions, or one of them. */
async function traceTransactions(
  options: TraceExecutorOptions,
  tracing: TracingEngine,
  { number, index }: { readonly number: number; readonly index: number | null },
  traceOptions: TraceOptions,
  timeoutMs: number,
): Promise<Result<readonly TransactionTrace[], TraceFailureCode>> {
  const { committed, states, engine, clock } = options;
  const endMs = clock.nowMs() + timeoutMs;
  const parent = committed.hybridState(number - 1);
  const stored = committed.block(number);
  const view = parent && states.openAt(parent.header.stateRoot);
  if (parent === undefined || stored === undefined || view === undefined) return MISSING;
  const ancestry = {
    hashOf: (wanted: number) => committed.hashOf(wanted),
    timeMsOf: (wanted: number) => committed.timeMsOf(wanted),
  };
  const replay = replayBlock(parent, stored.block, view, ancestry, options);
  assert(replay.ok, "a final block's signatures are valid");
  const { run, transactions, context } = replay.value;
  const traces: TransactionTrace[] = [];
  let sizeBytes = 0;
  for (const [position, transaction] of transactions.entries()) {
    if (clock.nowMs() > endMs) return fail("TRACE_LIMIT", "execution timeout");
    if (index === null || position === index) {
      const accounts = participants(transaction, context, options.recoverPublicKey);
      const watch = createWatch(traceOptions, accounts, clock, endMs);
      const outcome = await onRolledBack(view, watch, () => run(transaction, tracing.on(watch.tracer)));
      const trace = watch.result(outcome, transaction.gasLimit);
      if (!trace.ok) return trace;
      sizeBytes += watch.sizeBytes();
      if (sizeBytes > BYTES_MAX)
        return fail("TRACE_LIMIT", "the traces are too large: ask for one transaction at a time");
      traces.push({ transactionHash: transaction.hash, trace: trace.value });
    }
    if (position === index) break;
    await run(transaction, engine);
  }
  return ok(traces);
}

async function traceCalls(
  options: TraceExecutorOptions,
  tracing: TracingEngine,
  steps: Parameters<TraceGate["calls"]>[0],
  place: CallPlace,
  timeoutMs: number,
): Promise<Result<readonly (readonly Trace[])[], TraceFailureCode>> {
  const { clock, engine, recoverPublicKey } = options;
  const endMs = clock.nowMs() + timeoutMs;
  const environment = await options.openEnvironment(place);
  if (environment === undefined) return MISSING;
  const traces: (readonly Trace[])[] = [];
  for (const { request, options: ways } of steps) {
    if (clock.nowMs() > endMs) return fail("TRACE_LIMIT", "execution timeout");
    const ofStep: Trace[] = [];
    for (const way of ways) {
      const trace = await traceCall(options, tracing, environment, request, way, endMs);
      if (!trace.ok) return trace;
      ofStep.push(trace.value);
    }
    traces.push(ofStep);
    const call = toCall(request, CALL_GAS_MAX);
    await simulateCall({ ...environment, call, engine, recoverPublicKey, isKept: true });
  }
  return ok(traces);
}

async function traceCall(
  options: TraceExecutorOptions,
  tracing: TracingEngine,
  { view, block }: CallEnvironment,
  request: CallRequest,
  traceOptions: TraceOptions,
  endMs: number,
): Promise<Result<Trace, TraceFailureCode>> {
  const { clock, recoverPublicKey } = options;
  const call = toCall(request, CALL_GAS_MAX);
  const created = computeContractAddress(call.from, readAccount(view, call.from).nonce);
  const accounts = [call.from, call.to ?? created, block.coinbase];
  const watch = createWatch(traceOptions, accounts, clock, endMs);
  const traced = tracing.on(watch.tracer);
  const engine: Engine = {
    name: traced.name,
    run: async (engineCall, state, context) => {
      const outcome = await traced.run(engineCall, state, context);
      watch.readsState?.(state);
      return outcome;
    },
  };
  const result = await simulateCall({ view, block, call, engine, recoverPublicKey });
  // A simulation leaves the view as it was.
  watch.readsState?.(view);
  if (!result.ok) return fail("TRACE_REFUSED", result.error.message);
  return watch.result(result.value, call.gasLimit);
}

/** Leaves the view as it was; what reads states sees the one after, then the one before. */
async function onRolledBack<T extends WatchedOutcome>(
  view: WorldState,
  watch: Watch,
  run: () => Promise<T>,
): Promise<T> {
  view.checkpoint();
  try {
    const outcome = await run();
    watch.readsState?.(view);
    return outcome;
  } finally {
    view.revert();
    watch.readsState?.(view);
  }
}

/** Whose balance or code a transaction may change before and after its code runs. */
function participants(
  transaction: RecoveredTransaction,
  block: BlockContext,
  recoverPublicKey: RecoverPublicKey,
): readonly Address[] {
  const { sender, to, nonce, sponsorship, authorizations } = transaction;
  const authorities = authorizations.flatMap(
    (authorization) => recoverAuthority(authorization, recoverPublicKey) ?? [],
  );
  const payer = sponsorship === null ? [] : [sponsorship.payer];
  const recipient = to ?? computeContractAddress(sender, nonce);
  return [sender, recipient, block.coinbase, ...payer, FEE_POT, ...authorities];
}
