import type { RecoverPublicKey } from "@festina/crypto";
import { type Clock, fail, minBigint } from "@festina/primitives";
import type { AccessListOutcome, CallRequest } from "@festina/rpc";
import {
  AccessListTracer,
  type BlockContext,
  computeContractAddress,
  EngineFaultError,
  readAccount,
  rulesOf,
  type SimulationOutcome,
  type StateView,
  simulateCall,
  type TracingEngine,
} from "@festina/tvm";
import { CALL_GAS_MAX, reasonOf, toCall } from "./callEnvironment.ts";
import { limitTracer, TraceLimitError } from "./watch.ts";

export interface AccessListOptions {
  readonly recoverPublicKey: RecoverPublicKey;
  /** `null` where nothing can be watched. */
  readonly loadTracing: (() => Promise<TracingEngine>) | null;
  readonly clock: Clock;
}

/** Code may do other things with another list; what does not settle down has none. */
const ROUNDS_MAX = 8;
/** For all rounds together. */
const TIME_MS = 2_000;

function refused(code: string, message: string): AccessListOutcome {
  return { kind: "refused", ...fail(code, message) };
}

function failureText({ failure }: SimulationOutcome): string | null {
  if (failure === null) return null;
  return failure.kind === "revert" ? "execution reverted" : reasonOf(failure);
}

/** Runs the call with the list of the run before, until the list stays the same. */
export async function findAccessList(
  { loadTracing, clock, recoverPublicKey }: AccessListOptions,
  request: CallRequest,
  environment: { readonly view: StateView; readonly block: BlockContext },
): Promise<AccessListOutcome> {
  if (loadTracing === null) return refused("TRACE_UNAVAILABLE", "this node does not trace");
  const tracing = await loadTracing();
  const { view, block } = environment;
  const endMs = clock.nowMs() + TIME_MS;
  const call = toCall(request, minBigint(rulesOf(block).transactionGasMax, CALL_GAS_MAX));
  const recipient = call.to ?? computeContractAddress(call.from, readAccount(view, call.from).nonce);
  const free = new Set([call.from, recipient, ...rulesOf(block).precompiles]);
  let { accessList } = call;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const tracer = new AccessListTracer(free, accessList);
    const engine = tracing.on(limitTracer(tracer, () => tracer.isTooLarge, clock, endMs));
    try {
      const result = await simulateCall({ ...environment, call: { ...call, accessList }, engine, recoverPublicKey });
      if (!result.ok) return { kind: "refused", error: result.error };
      const isSettled = sizeOf(tracer.list) === sizeOf(accessList);
      accessList = tracer.list;
      const { gasUsed } = result.value;
      if (isSettled) return { kind: "found", accessList, gasUsed, failure: failureText(result.value) };
    } catch (error) {
      if (!(error instanceof EngineFaultError && error.cause instanceof TraceLimitError)) throw error;
      return refused("TRACE_LIMIT", error.cause.message);
    }
  }
  return refused("ACCESS_LIST_UNSETTLED", "the call touches something else with every list");
}

/** A list only grows from round to round. */
const sizeOf = (list: CallRequest["accessList"]): number =>
  list.reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0);
