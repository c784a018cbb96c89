// Long division of numbers in linear memory, a limb of the quotient at a time, by the divisor's reciprocal (reciprocal.ts).
import { highProduct } from "./product";
import { reciprocalOf, reciprocalOfTwo } from "./reciprocal";
import { copyLimbs, setSmall } from "./word";

const LIMBS: i32 = 4;
/** Below a number, so that its four highest limbs can be read however short it is: three zeros. */
const PADDING: usize = 24;
/** Normalised: what the shift moves out of the highest limb is a limb more. */
const DIVIDEND: usize = memory.data(96, 16) + PADDING;
const DIVISOR: usize = memory.data(64, 16) + PADDING;
const QUOTIENT: usize = memory.data(72, 16);
/** Zeros stay above it. */
const REMAINDER: usize = memory.data(56, 16);

function limb(at: usize, index: i32): u64 {
  return load<u64>(at + ((<usize>index) << 3));
}

function setLimb(at: usize, index: i32, value: u64): void {
  store<u64>(at + ((<usize>index) << 3), value);
}

export function limbsOf(at: usize, max: i32): i32 {
  let count = max;
  while (count > 0 && limb(at, count - 1) === 0) count--;
  return count;
}

/**
 * Quotient (its low 256 bits) and remainder of a number of up to 8 limbs; a zero address means that one is not wanted.
 * The divisor is not zero. Results may go where the operands are.
 */
export function divide(quotient: usize, remainder: usize, dividend: usize, limbsMax: i32, divisor: usize): void {
  const n = limbsOf(divisor, LIMBS);
  const m = limbsOf(dividend, limbsMax);
  if (m < n || (m === n && limb(dividend, m - 1) < limb(divisor, n - 1))) {
    if (remainder) copyLimbs(remainder, dividend);
    if (quotient) setSmall(quotient, 0);
    return;
  }
  if (n === 1) {
    const by = load<u64>(divisor);
    if (m === 1) {
      const a = load<u64>(dividend);
      if (quotient) setSmall(quotient, a / by);
      if (remainder) setSmall(remainder, a % by);
      return;
    }
    return divideByLimb(quotient, remainder, dividend, m, by);
  }
  divideLong(quotient, remainder, dividend, m, divisor, n);
}

/** Each turn finds a limb of the quotient from the rest and the next limb (algorithm 4 of the paper). */
function divideByLimb(quotient: usize, remainder: usize, dividend: usize, m: i32, by: u64): void {
  const shift = clz<u64>(by);
  const d = by << shift;
  const reciprocal = reciprocalOf(d);
  for (let i = m; i < LIMBS; i++) setLimb(QUOTIENT, i, 0);
  let above = limb(dividend, m - 1);
  let rest = (above >> 1) >> (63 - shift);
  for (let i = m - 1; i >= 0; i--) {
    const below = i > 0 ? limb(dividend, i - 1) : 0;
    const next = (above << shift) | ((below >> 1) >> (63 - shift));
    above = below;
    const low = reciprocal * rest + next;
    let q = highProduct(reciprocal, rest) + rest + 1 + <u64>(low < next);
    rest = next - q * d;
    // As often true as not: without a branch.
    const tooLarge = 0 - <u64>(rest > low);
    q += tooLarge;
    rest += tooLarge & d;
    if (rest >= d) {
      q++;
      rest -= d;
    }
    setLimb(QUOTIENT, i, q);
  }
  if (quotient) copyLimbs(quotient, QUOTIENT);
  if (remainder) setSmall(remainder, rest >> shift);
}

/** Shifts left by fewer than 64 bits; what falls out on the left goes to place `count`. */
function normalize(to: usize, from: usize, count: i32, shift: u64): void {
  let below: u64 = 0;
  for (let i = 0; i < count; i++) {
    const value = limb(from, i);
    // Two shifts, because one by 64 would be one by 0.
    setLimb(to, i, (value << shift) | ((below >> 1) >> (63 - shift)));
    below = value;
  }
  setLimb(to, count, (below >> 1) >> (63 - shift));
}

/**
 * The divisor is taken as its four highest limbs, normalised, with zeros below a short one, and the dividend in the same
 * way, so that one loop divides by all of them. Each turn finds a limb of the quotient from the three highest limbs of the
 * rest and the two highest of the divisor (algorithm 4); the lower limbs can make it one too large, hardly ever.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the rest and the divisor are locals, which end where the function does.
function divideLong(quotient: usize, remainder: usize, dividend: usize, m: i32, divisor: usize, n: i32): void {
  const shift = clz<u64>(limb(divisor, n - 1));
  normalize(DIVISOR, divisor, n, shift);
  normalize(DIVIDEND, dividend, m, shift);
  const d3 = limb(DIVISOR, n - 1),
    d2 = limb(DIVISOR, n - 2),
    d1 = limb(DIVISOR, n - 3),
    d0 = limb(DIVISOR, n - 4);
  const isLong = n > 2;
  const reciprocal = reciprocalOfTwo(d3, d2);
  let r3 = limb(DIVIDEND, m),
    r2 = limb(DIVIDEND, m - 1),
    r1 = limb(DIVIDEND, m - 2),
    r0 = limb(DIVIDEND, m - 3);
  for (let i = m - n + 1; i < LIMBS; i++) setLimb(QUOTIENT, i, 0);
  for (let j = m - n; j >= 0; j--) {
    const next = limb(DIVIDEND, j + n - 4);
    let q: u64;
    let s2: u64 = 0,
      s1: u64,
      s0: u64;
    if (r3 === d3 && r2 === d2) {
      q = u64.MAX_VALUE;
      s0 = r1 + d2;
      s1 = d3 + <u64>(s0 < d2);
      s2 = <u64>(s1 < d3);
    } else {
      const qLow = reciprocal * r3 + r2;
      q = r3 + <u64>(qLow < r2);
      // It is 0 where all of the highest limb's bits are set.
      if (reciprocal !== 0) q += highProduct(reciprocal, r3);
      const product = q * d2;
      const s1Full = r2 - q * d3 - highProduct(q, d2) - <u64>(r1 < product);
      const s0Full = r1 - product;
      s0 = s0Full - d2;
      s1 = s1Full - d3 - <u64>(s0Full < d2);
      q++;
      // As often true as not: without a branch.
      const tooLarge = 0 - <u64>(s1 >= qLow);
      q += tooLarge;
      const back = tooLarge & d2;
      s0 += back;
      s1 += (tooLarge & d3) + <u64>(s0 < back);
      if (s1 > d3 || (s1 === d3 && s0 >= d2)) {
        q++;
        s1 = s1 - d3 - <u64>(s0 < d2);
        s0 -= d2;
      }
    }
    if (isLong) {
      const low = q * d0;
      const second = q * d1 + highProduct(q, d0);
      const third = highProduct(q, d1) + <u64>(second < q * d1);
      const t0 = next - low;
      let borrow = <u64>(next < low);
      const x1 = r0 - second;
      const t1 = x1 - borrow;
      borrow = <u64>(r0 < second) | <u64>(x1 < borrow);
      const x2 = s0 - third;
      const t2 = x2 - borrow;
      borrow = <u64>(s0 < third) | <u64>(x2 < borrow);
      const t3 = s1 - borrow;
      r0 = t0;
      r1 = t1;
      r2 = t2;
      r3 = t3;
      if (<u64>(s1 < borrow) > s2) {
        q--;
        r0 = t0 + d0;
        let carry = <u64>(r0 < d0);
        const y1 = t1 + d1;
        r1 = y1 + carry;
        carry = <u64>(y1 < d1) | <u64>(r1 < carry);
        const y2 = t2 + d2;
        r2 = y2 + carry;
        carry = <u64>(y2 < d2) | <u64>(r2 < carry);
        r3 = t3 + d3 + carry;
      }
    } else {
      r3 = s1;
      r2 = s0;
      r1 = r0;
      r0 = next;
    }
    setLimb(QUOTIENT, j, q);
  }
  if (quotient) copyLimbs(quotient, QUOTIENT);
  if (!remainder) return;
  // What a shift of two limbs takes from the upper one; none where that would be 64.
  const up = 63 - shift;
  setLimb(REMAINDER, 0, (r0 >> shift) | ((r1 << 1) << up));
  setLimb(REMAINDER, 1, (r1 >> shift) | ((r2 << 1) << up));
  setLimb(REMAINDER, 2, (r2 >> shift) | ((r3 << 1) << up));
  setLimb(REMAINDER, 3, r3 >> shift);
  copyLimbs(remainder, REMAINDER + ((<usize>(LIMBS - n)) << 3));
}
