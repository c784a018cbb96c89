/** What an engine's outcome looks like from outside: in receipts, call results and estimates. */

import { EMPTY_BYTES } from "@festina/primitives";
import type { Log } from "@festina/types";
import type { EngineOutcome, HaltReason } from "./engine.ts";

/** How code failed. Such a transaction stands in its block all the same, and is paid for. */
export type ExecutionFailure =
  | { readonly kind: "revert"; readonly output: Uint8Array }
  | { readonly kind: "halt"; readonly reason: HaltReason };

/** The part of an outcome that transactions and simulations show alike. */
export interface ExecutionEffect {
  readonly succeeded: boolean;
  readonly logs: readonly Log[];
  /** Return data, of a revert too. */
  readonly output: Uint8Array;
  readonly failure: ExecutionFailure | null;
}

export function describeEffect(outcome: EngineOutcome): ExecutionEffect {
  switch (outcome.kind) {
    case "success":
      return { succeeded: true, logs: outcome.logs, output: outcome.output, failure: null };
    case "revert": {
      const { output } = outcome;
      return { succeeded: false, logs: [], output, failure: { kind: "revert", output } };
    }
    case "halt":
      return { succeeded: false, logs: [], output: EMPTY_BYTES, failure: { kind: "halt", reason: outcome.reason } };
  }
}
