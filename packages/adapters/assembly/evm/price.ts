// Prices that depend on state (EIP-2929, 2200, 3529, 3860, 6780, 7702), in gas.

export const WARM_ACCESS: i64 = 100;
export const COLD_ACCOUNT: i64 = 2_600;
export const COLD_SLOT: i64 = 2_100;
export const SLOT_SET: i64 = 20_000;
export const SLOT_RESET: i64 = 2_900;
export const REFUND_CLEAR: i64 = 4_800;
export const REFUND_RESTORE_SET: i64 = 19_900;
export const REFUND_RESTORE_RESET: i64 = 2_800;
export const CALL_VALUE: i64 = 9_000;
export const CALL_STIPEND: i64 = 2_300;
export const NEW_ACCOUNT: i64 = 25_000;
export const INIT_CODE_WORD: i64 = 2;
export const HASH_WORD: i64 = 6;
export const CODE_BYTE: i64 = 200;

/** EIP-170 and EIP-3860, until the rules of the run say otherwise. */
let codeMax: u32 = 24_576;
let initCodeMax: u32 = 49_152;

export function codeBytesMax(): u32 {
  return codeMax;
}

export function initCodeBytesMax(): u32 {
  return initCodeMax;
}

export function setCodeLimits(code: u32, initCode: u32): void {
  codeMax = code;
  initCodeMax = initCode;
}

/** SSTORE refuses to run with this much gas or less (EIP-2200). */
export const SSTORE_SENTRY: i64 = 2_300;

/** All but one 64th (EIP-150). */
export function passedOn(gas: i64): i64 {
  return gas - (gas >> 6);
}
