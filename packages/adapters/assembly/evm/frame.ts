// A frame whose registers have been put back: what instructions outside the loop work on.
import { grow, priceToReach } from "./expansion";
import { FRAME_GAS, FRAME_MEMORY, FRAME_MEMORY_SIZE, FRAME_TOP, WORD } from "./layout";

/** Address of the top word. */
export function topOf(frame: usize): usize {
  return <usize>load<u32>(frame, FRAME_TOP);
}

export function setTop(frame: usize, top: usize): void {
  store<u32>(frame, <u32>top, FRAME_TOP);
}

/** Makes room for one more word. @returns its address */
export function raise(frame: usize): usize {
  const top = topOf(frame) + WORD;
  setTop(frame, top);
  return top;
}

export function memoryOf(frame: usize): usize {
  return <usize>load<u32>(frame, FRAME_MEMORY);
}

export function memorySizeOf(frame: usize): u32 {
  return load<u32>(frame, FRAME_MEMORY_SIZE);
}

/** False when the gas does not do. */
export function charge(frame: usize, price: i64): bool {
  const gas = load<i64>(frame, FRAME_GAS) - price;
  store<i64>(frame, gas, FRAME_GAS);
  return gas >= 0;
}

/** Makes memory reach to `end`, besides another price. False, and nothing grown, when the gas does not do. */
export function reach(frame: usize, end: u64, price: i64): bool {
  const size = memorySizeOf(frame);
  if (!charge(frame, priceToReach(size, end) + price)) return false;
  store<u32>(frame, grow(memoryOf(frame), size, end), FRAME_MEMORY_SIZE);
  return true;
}

/** The same for compiled code, which has the gas at hand. @returns what is left; negative, and nothing grown, when it does not do */
export function growFor(frame: usize, gas: i64, end: u64): i64 {
  const size = memorySizeOf(frame);
  const left = gas - priceToReach(size, end);
  if (left >= 0) store<u32>(frame, grow(memoryOf(frame), size, end), FRAME_MEMORY_SIZE);
  return left;
}
