import { type Address, bytesToHex, type Clock, fail, ok, type Result } from "@festina/primitives";
import type { Trace, TraceOptions } from "@festina/rpc";
import {
  CallTracer,
  type ExecutionTracer,
  PrestateTracer,
  type StateView,
  StructLogger,
  type TracedStep,
  VmTracer,
} from "@festina/tvm";

/** What a run came to, as far as traces tell it. */
export interface WatchedOutcome {
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Return data, of a revert too. */
  readonly output: Uint8Array;
}

export interface Watch {
  readonly tracer: ExecutionTracer;
  /** Takes the state before and after from a view that is rolled back between the two; `null` when it needs neither. */
  readonly readsState: ((view: StateView) => void) | null;
  /** Of the trace so far, about. */
  sizeBytes(): number;
  /** `gasLimit`: of the transaction. */
  result(outcome: WatchedOutcome, gasLimit: bigint): Result<Trace, "TRACE_LIMIT">;
}

/** A watched run was stopped: it takes too long, or says too much. */
export class TraceLimitError extends Error {
  override readonly name = "TraceLimitError";
}

/** Between two looks at the clock. */
const STEPS_BETWEEN = 4_096;
const TOO_LARGE = "the trace is too large: ask for less with its options";

/** `accounts`: who takes part without being looked at by code. */
export function createWatch(options: TraceOptions, accounts: readonly Address[], clock: Clock, endMs: number): Watch {
  const watch = createUnlimited(options, accounts);
  return { ...watch, tracer: limitTracer(watch.tracer, watch.isTooLarge, clock, endMs) };
}

function createUnlimited(
  options: TraceOptions,
  accounts: readonly Address[],
): Watch & { readonly isTooLarge: () => boolean } {
  switch (options.tracer) {
    case "struct": {
      const tracer = new StructLogger(options);
      return {
        tracer,
        readsState: null,
        isTooLarge: () => tracer.isTooLarge,
        sizeBytes: () => tracer.sizeBytes,
        result: ({ succeeded, gasUsed, output }) =>
          ok({
            gas: Number(gasUsed),
            failed: !succeeded,
            returnValue: bytesToHex(output),
            structLogs: tracer.logs,
          }),
      };
    }
    case "call": {
      const tracer = new CallTracer(options);
      return {
        tracer,
        readsState: null,
        isTooLarge: () => tracer.isTooLarge,
        sizeBytes: () => tracer.sizeBytes,
        result: ({ gasUsed }, gasLimit) => {
          const top = tracer.result({ gasLimit, gasUsed });
          return tracer.isTooLarge || top === null ? fail("TRACE_LIMIT", TOO_LARGE) : ok({ ...top });
        },
      };
    }
    case "vm": {
      const tracer = new VmTracer();
      return {
        tracer,
        readsState: null,
        isTooLarge: () => tracer.isTooLarge,
        sizeBytes: () => tracer.sizeBytes,
        result: () => (tracer.isTooLarge ? fail("TRACE_LIMIT", TOO_LARGE) : ok({ ...tracer.result })),
      };
    }
    case "prestate": {
      const tracer = new PrestateTracer(options, accounts);
      const snapshots: ReturnType<PrestateTracer["snapshot"]>[] = [];
      return {
        tracer,
        readsState: (view) => void snapshots.push(tracer.snapshot(view)),
        isTooLarge: () => tracer.isTooLarge,
        sizeBytes: () => tracer.sizeBytes,
        result: () => {
          const [after, before] = snapshots;
          if (after === undefined || before === undefined) return fail("TRACE_LIMIT", "the states were not read");
          return ok({ ...tracer.result(before, after) });
        },
      };
    }
  }
}

/** Stops a run by throwing through the kernel: the engine breaks, and its machine is not used again. */
export function limitTracer(
  tracer: ExecutionTracer,
  isTooLarge: () => boolean,
  clock: Clock,
  endMs: number,
): ExecutionTracer {
  let steps = 0;
  return {
    onStep: (step: TracedStep) => {
      if (++steps % STEPS_BETWEEN === 0 && clock.nowMs() > endMs) throw new TraceLimitError("execution timeout");
      tracer.onStep?.(step);
      if (isTooLarge()) throw new TraceLimitError(TOO_LARGE);
    },
    onStepEnd: (end) => tracer.onStepEnd?.(end),
    onEnter: (call) => tracer.onEnter?.(call),
    onExit: (ending) => tracer.onExit?.(ending),
  };
}
