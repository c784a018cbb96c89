// 256-bit words in linear memory: four u64 limbs, least significant first. Destinations may be sources.

/** a + b */
export function add(to: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  const r0 = a0 + load<u64>(b);
  let carry = <u64>(r0 < a0);
  const s1 = a1 + load<u64>(b, 8);
  const r1 = s1 + carry;
  carry = <u64>(s1 < a1) | <u64>(r1 < s1);
  const s2 = a2 + load<u64>(b, 16);
  const r2 = s2 + carry;
  carry = <u64>(s2 < a2) | <u64>(r2 < s2);
  store<u64>(to, a3 + load<u64>(b, 24) + carry, 24);
  store<u64>(to, r2, 16);
  store<u64>(to, r1, 8);
  store<u64>(to, r0);
}

/** a - b */
export function sub(to: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  const b0 = load<u64>(b),
    b1 = load<u64>(b, 8),
    b2 = load<u64>(b, 16),
    b3 = load<u64>(b, 24);
  const borrow = <u64>(a0 < b0);
  const d1 = a1 - b1;
  const next1 = <u64>(a1 < b1) | <u64>(d1 < borrow);
  const d2 = a2 - b2;
  const next2 = <u64>(a2 < b2) | <u64>(d2 < next1);
  store<u64>(to, a3 - b3 - next2, 24);
  store<u64>(to, d2 - next1, 16);
  store<u64>(to, d1 - borrow, 8);
  store<u64>(to, a0 - b0);
}

export function isZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) === 0;
}

/** Whether the word is above 2^32 - 1. */
export function exceedsU32(a: usize): bool {
  return (load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24) | (load<u64>(a) >> 32)) !== 0;
}

export function setSmall(to: usize, value: u64): void {
  store<u64>(to, value);
  store<u64>(to, 0, 8);
  store<u64>(to, 0, 16);
  store<u64>(to, 0, 24);
}

export function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** The same, for words that have just been written limb by limb: no wider load waits for those to reach memory. */
export function copyLimbs(to: usize, from: usize): void {
  const a0 = load<u64>(from),
    a1 = load<u64>(from, 8),
    a2 = load<u64>(from, 16);
  store<u64>(to, load<u64>(from, 24), 24);
  store<u64>(to, a0);
  store<u64>(to, a1, 8);
  store<u64>(to, a2, 16);
}

/** Two words change places. */
export function swapLimbs(a: usize, b: usize): void {
  const a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  copyLimbs(a, b);
  store<u64>(b, a0);
  store<u64>(b, a1, 8);
  store<u64>(b, a2, 16);
  store<u64>(b, a3, 24);
}

export function and(to: usize, a: usize, b: usize): void {
  store<u64>(to, load<u64>(a) & load<u64>(b));
  store<u64>(to, load<u64>(a, 8) & load<u64>(b, 8), 8);
  store<u64>(to, load<u64>(a, 16) & load<u64>(b, 16), 16);
  store<u64>(to, load<u64>(a, 24) & load<u64>(b, 24), 24);
}

export function or(to: usize, a: usize, b: usize): void {
  store<u64>(to, load<u64>(a) | load<u64>(b));
  store<u64>(to, load<u64>(a, 8) | load<u64>(b, 8), 8);
  store<u64>(to, load<u64>(a, 16) | load<u64>(b, 16), 16);
  store<u64>(to, load<u64>(a, 24) | load<u64>(b, 24), 24);
}

export function xor(to: usize, a: usize, b: usize): void {
  store<u64>(to, load<u64>(a) ^ load<u64>(b));
  store<u64>(to, load<u64>(a, 8) ^ load<u64>(b, 8), 8);
  store<u64>(to, load<u64>(a, 16) ^ load<u64>(b, 16), 16);
  store<u64>(to, load<u64>(a, 24) ^ load<u64>(b, 24), 24);
}

export function isEqual(a: usize, b: usize): bool {
  const low = (load<u64>(a) ^ load<u64>(b)) | (load<u64>(a, 8) ^ load<u64>(b, 8));
  return (low | (load<u64>(a, 16) ^ load<u64>(b, 16)) | (load<u64>(a, 24) ^ load<u64>(b, 24))) === 0;
}

/** Whether two ranges hold the same. */
export function isSame(a: usize, b: usize, length: u32): bool {
  const end = a + <usize>length;
  for (; a + 8 <= end; a += 8, b += 8) if (load<u64>(a) !== load<u64>(b)) return false;
  for (; a < end; a++, b++) if (load<u8>(a) !== load<u8>(b)) return false;
  return true;
}

export function isBelow(a: usize, b: usize): bool {
  let x = load<u64>(a, 24),
    y = load<u64>(b, 24);
  if (x === y) {
    x = load<u64>(a, 16);
    y = load<u64>(b, 16);
  }
  if (x === y) {
    x = load<u64>(a, 8);
    y = load<u64>(b, 8);
  }
  if (x === y) {
    x = load<u64>(a);
    y = load<u64>(b);
  }
  return x < y;
}

/** As two's complement. */
export function isBelowSigned(a: usize, b: usize): bool {
  const x = load<i64>(a, 24),
    y = load<i64>(b, 24);
  return x === y ? isBelow(a, b) : x < y;
}

export function reverseBytes(half: v128): v128 {
  return v128.shuffle<u8>(half, half, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** Between a word and its 32 big-endian bytes; the way back is the same. */
export function swapBytes(to: usize, from: usize): void {
  const first = v128.load(from),
    second = v128.load(from, 16);
  v128.store(to, reverseBytes(second));
  v128.store(to, reverseBytes(first), 16);
}

/** The same, from a word that has just been written limb by limb. */
export function swapLimbBytes(to: usize, from: usize): void {
  const first = v128.load_lane<u64>(from, v128.load_zero<u64>(from), 1, 8),
    second = v128.load_lane<u64>(from, v128.load_zero<u64>(from, 16), 1, 24);
  v128.store(to, reverseBytes(second));
  v128.store(to, reverseBytes(first), 16);
}

/** Big-endian bytes, fewer than 32, as the low end of a word. */
export function readBytes(to: usize, from: usize, length: usize): void {
  setSmall(to, 0);
  for (let i: usize = 0; i < length; i++) store<u8>(to + (length - 1 - i), load<u8>(from + i));
}

export function not(to: usize, a: usize): void {
  store<u64>(to, ~load<u64>(a));
  store<u64>(to, ~load<u64>(a, 8), 8);
  store<u64>(to, ~load<u64>(a, 16), 16);
  store<u64>(to, ~load<u64>(a, 24), 24);
}

export function negate(to: usize, a: usize): void {
  const a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16);
  // From the first limb on that is not 0, all are inverted but that one.
  const isZero1 = <u64>(a0 === 0),
    isZero2 = <u64>((a0 | a1) === 0),
    isZero3 = <u64>((a0 | a1 | a2) === 0);
  store<u64>(to, ~load<u64>(a, 24) + isZero3, 24);
  store<u64>(to, ~a2 + isZero2, 16);
  store<u64>(to, ~a1 + isZero1, 8);
  store<u64>(to, 0 - a0);
}

/** How far a shift amount reaches: 256 and more all mean "everything". */
function shiftOf(amount: usize): u64 {
  return (load<u64>(amount, 8) | load<u64>(amount, 16) | load<u64>(amount, 24)) !== 0 ? 256 : load<u64>(amount);
}

export function shiftLeft(to: usize, amount: usize, a: usize): void {
  const by = shiftOf(amount);
  if (by > 255) return setSmall(to, 0);
  let a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  if (by & 64) {
    a3 = a2;
    a2 = a1;
    a1 = a0;
    a0 = 0;
  }
  if (by & 128) {
    a3 = a1;
    a2 = a0;
    a1 = 0;
    a0 = 0;
  }
  const bits = by & 63;
  if (bits) {
    const rest = 64 - bits;
    a3 = (a3 << bits) | (a2 >> rest);
    a2 = (a2 << bits) | (a1 >> rest);
    a1 = (a1 << bits) | (a0 >> rest);
    a0 <<= bits;
  }
  store<u64>(to, a0);
  store<u64>(to, a1, 8);
  store<u64>(to, a2, 16);
  store<u64>(to, a3, 24);
}

/** Right, with copies of `fill` (all zeros or all ones) coming in from the left. */
function shiftRightFilling(to: usize, amount: usize, a: usize, fill: u64): void {
  const by = shiftOf(amount);
  let a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  if (by > 255) {
    a0 = fill;
    a1 = fill;
    a2 = fill;
    a3 = fill;
  } else {
    if (by & 64) {
      a0 = a1;
      a1 = a2;
      a2 = a3;
      a3 = fill;
    }
    if (by & 128) {
      a0 = a2;
      a1 = a3;
      a2 = fill;
      a3 = fill;
    }
    const bits = by & 63;
    if (bits) {
      const rest = 64 - bits;
      a0 = (a0 >> bits) | (a1 << rest);
      a1 = (a1 >> bits) | (a2 << rest);
      a2 = (a2 >> bits) | (a3 << rest);
      a3 = (a3 >> bits) | (fill << rest);
    }
  }
  store<u64>(to, a0);
  store<u64>(to, a1, 8);
  store<u64>(to, a2, 16);
  store<u64>(to, a3, 24);
}

export function shiftRight(to: usize, amount: usize, a: usize): void {
  shiftRightFilling(to, amount, a, 0);
}

export function shiftRightSigned(to: usize, amount: usize, a: usize): void {
  shiftRightFilling(to, amount, a, <u64>(load<i64>(a, 24) >> 63));
}

/** Byte `index` of the word, counted from the most significant one; 0 behind its end. */
export function byteAt(to: usize, index: usize, a: usize): void {
  const isInside = !exceedsU32(index) && load<u64>(index) < 32;
  setSmall(to, isInside ? <u64>load<u8>(a + 31 - <usize>load<u64>(index)) : 0);
}

/** The lowest `size + 1` bytes as a signed number. */
export function signExtend(to: usize, size: usize, a: usize): void {
  if (exceedsU32(size) || load<u64>(size) > 30) return copy(to, a);
  const top = <usize>load<u64>(size);
  const fill: u8 = (load<u8>(a + top) & 0x80) !== 0 ? 0xff : 0;
  copy(to, a);
  for (let i = top + 1; i < 32; i++) store<u8>(to + i, fill);
}

/** Leading zero bits (EIP-7939); 256 for zero. */
export function countLeadingZeros(to: usize, a: usize): void {
  let zeros: u64 = 0;
  for (let at: i32 = 24; at >= 0; at -= 8) {
    const limb = load<u64>(a + <usize>at);
    zeros += clz<u64>(limb);
    if (limb !== 0) break;
  }
  setSmall(to, zeros);
}
