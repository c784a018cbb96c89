// What code uses: the host compiles what is worth it. Measured in gas, from call to call.
import * as at from "../layout";

/** The eight bytes before every code: gas that it may still use interpreted before the host is told of it, i64. */
const HEAT_BYTES: usize = 8;

/** Gas used interpreted and compiled since the host read it, i64 each; what only a halt takes is not used. */
export const SPENT: usize = memory.data(16, 16);

/** Codes that have become hot in this run: their addresses, u32 each, with their number before them. */
const HOT_MAX: u32 = 15;
export const HOT: usize = memory.data(64, 16);

export function forgetHot(): void {
  store<u32>(HOT, 0);
}

/** The frame has run, until it ended, paused or asked for something. @returns the gas that it has used */
export function noteGas(frame: usize, isCompiled: bool, gasBefore: i64): i64 {
  // Whoever cannot pay is left with less than nothing, by a price that means nothing.
  const spent = gasBefore - max<i64>(load<i64>(frame, at.FRAME_GAS), 0);
  const sum = SPENT + (isCompiled ? 8 : 0);
  store<i64>(sum, load<i64>(sum) + spent);
  if (isCompiled) return spent;
  const code = load<u32>(frame, at.FRAME_CODE);
  const place = <usize>code - HEAT_BYTES;
  const left = load<i64>(place);
  store<i64>(place, left - spent);
  if (left > 0 && left <= spent) nameHot(code, place);
  return spent;
}

function nameHot(code: u32, place: usize): void {
  const count = load<u32>(HOT);
  // Whatever it uses next names it again.
  if (count === HOT_MAX) return store<i64>(place, 1);
  store<u32>(HOT + 4 + ((<usize>count) << 2), code);
  store<u32>(HOT, count + 1);
}
