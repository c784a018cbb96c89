// DIV, MOD and their kin.
import { divide } from "./division";
import { highProduct, multiplyWide } from "./product";
import { copyLimbs, isBelow, isZero, negate, setSmall, sub } from "./word";

const LEFT: usize = memory.data(32, 16);
const RIGHT: usize = memory.data(32, 16);
/** A product or sum before it is reduced. */
const WIDE: usize = memory.data(64, 16);

/** a / b; division by zero gives zero, as everywhere below. */
export function quotientOf(to: usize, a: usize, b: usize): void {
  if (isZero(b)) setSmall(to, 0);
  else divide(to, 0, a, 4, b);
}

export function remainderOf(to: usize, a: usize, b: usize): void {
  if (isZero(b)) setSmall(to, 0);
  else divide(0, to, a, 4, b);
}

function magnitude(to: usize, a: usize): bool {
  const isNegative = load<i64>(a, 24) < 0;
  if (isNegative) negate(to, a);
  else copyLimbs(to, a);
  return isNegative;
}

/** Rounds towards zero. */
export function quotientOfSigned(to: usize, a: usize, b: usize): void {
  if (isZero(b)) return setSmall(to, 0);
  const isOpposite = magnitude(LEFT, a) !== magnitude(RIGHT, b);
  divide(to, 0, LEFT, 4, RIGHT);
  if (isOpposite) negate(to, to);
}

/** Has the sign of the dividend. */
export function remainderOfSigned(to: usize, a: usize, b: usize): void {
  if (isZero(b)) return setSmall(to, 0);
  const isNegative = magnitude(LEFT, a);
  magnitude(RIGHT, b);
  divide(0, to, LEFT, 4, RIGHT);
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
  // Two numbers that were reduced before give less than twice the modulus: one subtraction.
  if (isBelow(a, modulus) && isBelow(b, modulus)) {
    if (carry !== 0 || !isBelow(WIDE, modulus)) sub(to, WIDE, modulus);
    else copyLimbs(to, WIDE);
    return;
  }
  store<u64>(WIDE, carry, 32);
  divide(0, to, WIDE, 5, modulus);
}

/**
 * The product that was computed, by a modulus of 2^256 - c with c of one limb: 2^256 counts as c. Such are 2^256 - 1, with
 * which contracts take the high half of a product, and the prime of secp256k1.
 */
function foldProduct(to: usize, c: u64): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const high = load<u64>(WIDE + i, 32);
    const low = high * c + carry;
    const sum = load<u64>(WIDE + i) + low;
    carry = highProduct(high, c) + <u64>(low < carry) + <u64>(sum < low);
    store<u64>(to + i, sum);
  }
  // What is above 2^256 now is below c. When it is carried once more, hardly anything is left below.
  const isAbove = increase(to, carry * c, highProduct(carry, c));
  const isReached =
    (load<u64>(to, 8) & load<u64>(to, 16) & load<u64>(to, 24)) === u64.MAX_VALUE && load<u64>(to) >= 0 - c;
  // Without 2^256 the modulus is -c.
  if (isAbove || isReached) increase(to, c, 0);
}

/** Adds a number of two limbs in place. @returns whether the sum is above 2^256 */
function increase(at: usize, low: u64, high: u64): bool {
  const r0 = load<u64>(at) + low;
  const s1 = load<u64>(at, 8) + high;
  const r1 = s1 + <u64>(r0 < low);
  const r2 = load<u64>(at, 16) + (<u64>(s1 < high) | <u64>(r1 < s1));
  const carry = <u64>(r2 < load<u64>(at, 16));
  const r3 = load<u64>(at, 24) + carry;
  store<u64>(at, r0);
  store<u64>(at, r1, 8);
  store<u64>(at, r2, 16);
  store<u64>(at, r3, 24);
  return r3 < carry;
}

/** (a * b) % modulus, over all 512 bits. */
export function productModulo(to: usize, a: usize, b: usize, modulus: usize): void {
  if (isZero(modulus)) return setSmall(to, 0);
  multiplyWide(WIDE, a, b);
  if ((load<u64>(modulus, 8) & load<u64>(modulus, 16) & load<u64>(modulus, 24)) === u64.MAX_VALUE) {
    const lowest = load<u64>(modulus);
    // Of 2^256 - 2^64 the c has a limb more.
    if (lowest !== 0) return foldProduct(to, 0 - lowest);
  }
  divide(0, to, WIDE, 8, modulus);
}
