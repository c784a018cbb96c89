// A run in slices: whoever runs on the thread that serves others, too, comes back after so much gas, between two jumps or
// two frames, where a frame says all there is to say. Nothing of it can be seen by code.

/** More than any run has. */
const UNLIMITED: i64 = 1 << 60;

/** Gas that a slice may use. */
let sliceGas: i64 = UNLIMITED;
/** What is left of this one. */
let left: i64 = UNLIMITED;

/** A running frame that jumps with less gas than this pauses there, i64. */
export const PAUSE_BELOW: usize = memory.data(8, 8);

/** @param gas 0 for runs that end before they come back */
export function setSlice(gas: i64): void {
  sliceGas = gas === 0 ? UNLIMITED : gas;
}

export function beginSlice(): void {
  left = sliceGas;
}

/** A frame is to run, with so much gas. @returns whether nothing is left to run it on */
export function isSliceUsed(gas: i64): bool {
  store<i64>(PAUSE_BELOW, gas - left);
  return left <= 0;
}

export function useSlice(spent: i64): void {
  left -= spent;
}
