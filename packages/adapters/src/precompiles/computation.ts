// Long computations give up the thread between their pieces.
import type { Pace } from "@festina/tvm";

/** Stops wherever others may have a turn. What it keeps in shared places must be put back there afterwards. */
export type Computation = Generator<void, Uint8Array | null, void>;

/** What a precompiled contract makes of its input; `null` when the input is bad. */
export type Compute = (input: Uint8Array) => Uint8Array | null | Computation;

/** @returns at once, unless the pace says on the way that a rest is due */
export function runComputation(
  computation: Computation,
  pace: Pace | null,
): Uint8Array | null | Promise<Uint8Array | null> {
  for (;;) {
    const step = computation.next();
    if (step.done === true) return step.value;
    const rest = pace?.rest() ?? null;
    if (rest !== null) return goOnAfter(rest, computation, pace);
  }
}

async function goOnAfter(rest: Promise<void>, computation: Computation, pace: Pace | null): Promise<Uint8Array | null> {
  try {
    await rest;
  } catch (error) {
    // It has memory of a library's to give back.
    computation.return(null);
    throw error;
  }
  return runComputation(computation, pace);
}
