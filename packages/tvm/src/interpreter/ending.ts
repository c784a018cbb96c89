import type { HaltReason } from "../engine.ts";

/** Statuses of the kernel's layout that are faults; stop and return are 0 and 1, revert is 2. */
export const HALT_OF: ReadonlyMap<number, HaltReason> = new Map([
  [3, "OUT_OF_GAS"],
  [4, "STACK_UNDERFLOW"],
  [5, "STACK_OVERFLOW"],
  [6, "INVALID_JUMP"],
  [7, "INVALID_OPCODE"],
  [8, "OUT_OF_RANGE"],
  [9, "STATIC_STATE_CHANGE"],
  [10, "CREATE_COLLISION"],
  [11, "CODE_INVALID"],
  [12, "CODE_TOO_LARGE"],
  [13, "PRECOMPILE_FAILED"],
  [14, "BALANCE_OVERFLOW"],
]);

export const STATUS_REVERT = 2;
