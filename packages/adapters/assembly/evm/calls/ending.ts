// How the newest call or creation ended.
import { STATUS_REVERT } from "../layout";

/** Status i32, length of the output u32, its address u32, gas left i64 at 16; halts leave neither gas nor output. */
export const ENDING: usize = memory.data(32, 16);

export function setEnding(status: i32, gasLeft: i64, output: usize, length: u32): void {
  const isHalt = status > STATUS_REVERT;
  store<i32>(ENDING, status);
  store<u32>(ENDING, isHalt ? 0 : length, 4);
  store<u32>(ENDING, <u32>output, 8);
  store<i64>(ENDING, isHalt ? 0 : gasLeft, 16);
}

export function endingStatus(): i32 {
  return load<i32>(ENDING);
}

export function endingLength(): u32 {
  return load<u32>(ENDING, 4);
}

export function endingOutput(): usize {
  return <usize>load<u32>(ENDING, 8);
}

export function endingGas(): i64 {
  return load<i64>(ENDING, 16);
}

export function isSuccess(): bool {
  return endingStatus() < STATUS_REVERT;
}
