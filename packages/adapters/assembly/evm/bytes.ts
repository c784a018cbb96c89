// Ranges of bytes. Most are short, and the machine's own instructions for ranges are calls out of the module: they cost as
// much as a few hundred bytes.

const SHORT_BYTES: usize = 256;

/** Of ranges that do not overlap. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  if (length > SHORT_BYTES) return memory.copy(to, from, length);
  if (length < 16) return copyFew(to, from, length);
  const last = length - 16;
  for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
  // What the steps before have copied in part, too.
  v128.store(to + last, v128.load(from + last));
}

function copyFew(to: usize, from: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 4 <= length; at += 4) store<u32>(to + at, load<u32>(from + at));
  for (; at < length; at++) store<u8>(to + at, load<u8>(from + at));
}

export function clearBytes(to: usize, length: usize): void {
  if (length > SHORT_BYTES) return memory.fill(to, 0, length);
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) v128.store(to + at, i64x2.splat(0));
  for (; at < length; at++) store<u8>(to + at, 0);
}
