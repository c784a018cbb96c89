// Memory of the running frame: what a larger one costs, and making room for it.
import { clearBytes } from "./bytes";
import { exceedsU32, isZero } from "./word";

/** More than any gas there is. */
export const UNAFFORDABLE: i64 = 0x1fffffffffffff;
const PAGE: u64 = 65536;
/** No call can pay for more: the square of the words would be above 2^40 gas. */
const END_MAX: u64 = 0x40000000;

/** Gas for so many 32-byte words. */
function priceOf(words: u64): i64 {
  return <i64>(words * 3 + ((words * words) >> 9));
}

export function wordsOf(bytes: u64): u64 {
  return (bytes + 31) >> 5;
}

/** What it costs that memory of `size` bytes reaches to `end`. */
export function priceToReach(size: u32, end: u64): i64 {
  if (end <= <u64>size) return 0;
  return end > END_MAX ? UNAFFORDABLE : priceOf(wordsOf(end)) - priceOf(<u64>size >> 5);
}

/** The end of a range that two words name; 0 for an empty one, wherever it lies. */
export function endOf(offset: usize, length: usize): u64 {
  if (isZero(length)) return 0;
  if (exceedsU32(offset) || exceedsU32(length)) return u64.MAX_VALUE;
  return load<u64>(offset) + load<u64>(length);
}

/** Makes memory at `base` reach to `end`, zeros in the new part; what lay there belonged to frames that have ended. */
export function grow(base: usize, size: u32, end: u64): u32 {
  if (end <= <u64>size) return size;
  const newSize = <u32>(wordsOf(end) << 5);
  const missing = <i64>(<u64>base + <u64>newSize) - ((<i64>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((<u64>missing + PAGE - 1) >> 16)) < 0) unreachable();
  clearBytes(base + <usize>size, <usize>(newSize - size));
  return newSize;
}
