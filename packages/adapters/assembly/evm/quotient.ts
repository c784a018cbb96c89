// Division of words: Knuth's algorithm D (The Art of Computer Programming 2, 4.3.1) over 32-bit digits.
import { multiplyWide } from "./product";
import { copy, isZero, negate, setSmall } from "./word";

/** The normalised dividend: 16 digits and one more. */
const DIVIDEND: usize = memory.data(72, 16);
const DIVISOR: usize = memory.data(32, 16);
const QUOTIENT: usize = memory.data(72, 16);
const LEFT: usize = memory.data(32, 16);
const RIGHT: usize = memory.data(32, 16);
/** A product or sum before it is reduced. */
const WIDE: usize = memory.data(64, 16);

function digit(at: usize, index: i32): u64 {
  return <u64>load<u32>(at + ((<usize>index) << 2));
}

function setDigit(at: usize, index: i32, value: u32): void {
  store<u32>(at + ((<usize>index) << 2), value);
}

function digitsOf(at: usize, max: i32): i32 {
  let count = max;
  while (count > 0 && digit(at, count - 1) === 0) count--;
  return count;
}

/**
 * Quotient (its low 256 bits) and remainder of a number of up to 16 digits; a zero address means that one is not wanted.
 * The divisor is not zero. Results may go where the operands are.
 */
function divide(quotient: usize, remainder: usize, dividend: usize, digitsMax: i32, divisor: usize): void {
  const n = digitsOf(divisor, 8);
  const m = digitsOf(dividend, digitsMax);
  if (m <= 2 && n <= 2) {
    const a = load<u64>(dividend),
      b = load<u64>(divisor);
    if (quotient) setSmall(quotient, a / b);
    if (remainder) setSmall(remainder, a % b);
    return;
  }
  if (m < n) {
    if (remainder) copy(remainder, dividend);
    if (quotient) setSmall(quotient, 0);
    return;
  }
  memory.fill(QUOTIENT, 0, 72);
  if (n === 1) divideByDigit(remainder, dividend, m, digit(divisor, 0));
  else divideLong(remainder, dividend, m, divisor, n);
  if (quotient) copy(quotient, QUOTIENT);
}

function divideByDigit(remainder: usize, dividend: usize, m: i32, by: u64): void {
  let rest: u64 = 0;
  for (let i = m - 1; i >= 0; i--) {
    const part = (rest << 32) | digit(dividend, i);
    setDigit(QUOTIENT, i, <u32>(part / by));
    rest = part % by;
  }
  if (remainder) setSmall(remainder, rest);
}

/** Shifts left by fewer than 32 bits; the digit that falls out on the left goes to place `count`. */
function normalize(to: usize, from: usize, count: i32, shift: u32): u32 {
  let carry: u64 = 0;
  for (let i = 0; i < count; i++) {
    const shifted = (digit(from, i) << shift) | carry;
    setDigit(to, i, <u32>shifted);
    carry = shifted >> 32;
  }
  return <u32>carry;
}

function divideLong(remainder: usize, dividend: usize, m: i32, divisor: usize, n: i32): void {
  const shift = <u32>clz<u32>(<u32>digit(divisor, n - 1));
  normalize(DIVISOR, divisor, n, shift);
  setDigit(DIVIDEND, m, normalize(DIVIDEND, dividend, m, shift));
  const top = digit(DIVISOR, n - 1);
  const second = digit(DIVISOR, n - 2);
  for (let j = m - n; j >= 0; j--) {
    const part = (digit(DIVIDEND, j + n) << 32) | digit(DIVIDEND, j + n - 1);
    let guess = part / top;
    let rest = part % top;
    while (guess >> 32 !== 0 || guess * second > ((rest << 32) | digit(DIVIDEND, j + n - 2))) {
      guess--;
      rest += top;
      if (rest >> 32 !== 0) break;
    }
    if (subtractMultiple(j, n, guess)) {
      guess--;
      addBack(j, n);
    }
    setDigit(QUOTIENT, j, <u32>guess);
  }
  if (!remainder) return;
  for (let i = 0; i < 8; i++) {
    const pair = i < n ? digit(DIVIDEND, i) | (i + 1 < n ? digit(DIVIDEND, i + 1) << 32 : 0) : 0;
    setDigit(remainder, i, <u32>(pair >> shift));
  }
}

/** Takes `factor` times the divisor off the dividend's digits from `j` on; true when that was once too often. */
function subtractMultiple(j: i32, n: i32, factor: u64): bool {
  let borrow: i64 = 0;
  let carry: u64 = 0;
  for (let i = 0; i < n; i++) {
    const product = factor * digit(DIVISOR, i) + carry;
    carry = product >> 32;
    const difference = <i64>digit(DIVIDEND, i + j) + borrow - <i64>(product & 0xffffffff);
    setDigit(DIVIDEND, i + j, <u32>difference);
    borrow = difference >> 32;
  }
  const last = <i64>digit(DIVIDEND, j + n) + borrow - <i64>carry;
  setDigit(DIVIDEND, j + n, <u32>last);
  return last < 0;
}

function addBack(j: i32, n: i32): void {
  let carry: u64 = 0;
  for (let i = 0; i < n; i++) {
    carry += digit(DIVIDEND, i + j) + digit(DIVISOR, i);
    setDigit(DIVIDEND, i + j, <u32>carry);
    carry >>= 32;
  }
  setDigit(DIVIDEND, j + n, <u32>(digit(DIVIDEND, j + n) + carry));
}

/** a / b; division by zero gives zero, as everywhere below. */
export function quotientOf(to: usize, a: usize, b: usize): void {
  if (isZero(b)) setSmall(to, 0);
  else divide(to, 0, a, 8, b);
}

export function remainderOf(to: usize, a: usize, b: usize): void {
  if (isZero(b)) setSmall(to, 0);
  else divide(0, to, a, 8, b);
}

function magnitude(to: usize, a: usize): bool {
  const isNegative = load<i64>(a, 24) < 0;
  if (isNegative) negate(to, a);
  else copy(to, a);
  return isNegative;
}

/** Rounds towards zero. */
export function quotientOfSigned(to: usize, a: usize, b: usize): void {
  if (isZero(b)) return setSmall(to, 0);
  const isOpposite = magnitude(LEFT, a) !== magnitude(RIGHT, b);
  divide(to, 0, LEFT, 8, RIGHT);
  if (isOpposite) negate(to, to);
}

/** Has the sign of the dividend. */
export function remainderOfSigned(to: usize, a: usize, b: usize): void {
  if (isZero(b)) return setSmall(to, 0);
  const isNegative = magnitude(LEFT, a);
  magnitude(RIGHT, b);
  divide(0, to, LEFT, 8, RIGHT);
  if (isNegative) negate(to, to);
}

/** (a + b) % modulus, without losing the carry. */
export function sumModulo(to: usize, a: usize, b: usize, modulus: usize): void {
  if (isZero(modulus)) return setSmall(to, 0);
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const limb = load<u64>(a + i);
    const sum = limb + load<u64>(b + i);
    const carried = sum + carry;
    carry = <u64>(sum < limb) | <u64>(carried < sum);
    store<u64>(WIDE + i, carried);
  }
  store<u64>(WIDE, carry, 32);
  divide(0, to, WIDE, 10, modulus);
}

/** (a * b) % modulus, over all 512 bits. */
export function productModulo(to: usize, a: usize, b: usize, modulus: usize): void {
  if (isZero(modulus)) return setSmall(to, 0);
  multiplyWide(WIDE, a, b);
  divide(0, to, WIDE, 16, modulus);
}
