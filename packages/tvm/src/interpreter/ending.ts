// How a frame ends.
import type { HaltReason } from "../engine.ts";

export type Ending =
  | {
      readonly kind: "success" | "revert";
      readonly gasLeft: number;
      /** May lie in the kernel's memory: to be copied before that changes. */
      readonly output: Uint8Array;
    }
  /** All gas is gone. */
  | { readonly kind: "halt"; readonly reason: HaltReason };

export const halt = (reason: HaltReason): Ending => ({ kind: "halt", reason });

/** Statuses 3 to 9 of the kernel's layout. */
export const HALT_OF: ReadonlyMap<number, HaltReason> = new Map([
  [3, "OUT_OF_GAS"],
  [4, "STACK_UNDERFLOW"],
  [5, "STACK_OVERFLOW"],
  [6, "INVALID_JUMP"],
  [7, "INVALID_OPCODE"],
  [8, "OUT_OF_RANGE"],
  [9, "STATIC_STATE_CHANGE"],
]);
