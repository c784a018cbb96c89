// Products and powers of words.
import { copy, setSmall } from "./word";

const BASE: usize = memory.data(32, 16);
const POWER: usize = memory.data(32, 16);

/** High half of the product of two limbs. */
export function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff,
    aHigh = a >> 32;
  const bLow = b & 0xffffffff,
    bHigh = b >> 32;
  const cross = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = aLow * bHigh + (cross & 0xffffffff);
  return aHigh * bHigh + (cross >> 32) + (other >> 32);
}

/** a * b, modulo 2^256. */
export function multiply(to: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a),
    a1 = load<u64>(a, 8),
    a2 = load<u64>(a, 16),
    a3 = load<u64>(a, 24);
  const b0 = load<u64>(b),
    b1 = load<u64>(b, 8),
    b2 = load<u64>(b, 16),
    b3 = load<u64>(b, 24);
  const aSign = <u64>(<i64>a0 >> 63),
    bSign = <u64>(<i64>b0 >> 63);
  // Both fit 64 signed bits: counters, indexes and small negative numbers do.
  if (((a1 ^ aSign) | (a2 ^ aSign) | (a3 ^ aSign) | (b1 ^ bSign) | (b2 ^ bSign) | (b3 ^ bSign)) === 0) {
    const high = highProduct(a0, b0) - (aSign & b0) - (bSign & a0);
    const fill = <u64>(<i64>high >> 63);
    store<u64>(to, a0 * b0);
    store<u64>(to, high, 8);
    store<u64>(to, fill, 16);
    store<u64>(to, fill, 24);
    return;
  }
  let r1 = highProduct(a0, b0);
  let term = a0 * b1;
  r1 += term;
  let r2 = highProduct(a0, b1) + <u64>(r1 < term);
  term = a1 * b0;
  r1 += term;
  const carried = highProduct(a1, b0) + <u64>(r1 < term);
  r2 += carried;
  let r3 = <u64>(r2 < carried);
  term = a0 * b2;
  r2 += term;
  r3 += highProduct(a0, b2) + <u64>(r2 < term);
  term = a1 * b1;
  r2 += term;
  r3 += highProduct(a1, b1) + <u64>(r2 < term);
  term = a2 * b0;
  r2 += term;
  r3 += highProduct(a2, b0) + <u64>(r2 < term);
  store<u64>(to, r3 + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0, 24);
  store<u64>(to, r2, 16);
  store<u64>(to, r1, 8);
  store<u64>(to, a0 * b0);
}

/** All 512 bits of a * b; `to` is neither of them. */
export function multiplyWide(to: usize, a: usize, b: usize): void {
  const b0 = load<u64>(b),
    b1 = load<u64>(b, 8),
    b2 = load<u64>(b, 16),
    b3 = load<u64>(b, 24);
  let r0: u64 = 0,
    r1: u64 = 0,
    r2: u64 = 0,
    r3: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const limb = load<u64>(a + i);
    // A row: limb * b on top of what the rows before have left; no sum of a high product and carries overflows.
    let low = limb * b0;
    const first = r0 + low;
    let carry = highProduct(limb, b0) + <u64>(first < low);
    low = limb * b1 + carry;
    carry = highProduct(limb, b1) + <u64>(low < carry);
    r0 = r1 + low;
    carry += <u64>(r0 < low);
    low = limb * b2 + carry;
    carry = highProduct(limb, b2) + <u64>(low < carry);
    r1 = r2 + low;
    carry += <u64>(r1 < low);
    low = limb * b3 + carry;
    carry = highProduct(limb, b3) + <u64>(low < carry);
    r2 = r3 + low;
    r3 = carry + <u64>(r2 < low);
    store<u64>(to + i, first);
  }
  store<u64>(to, r0, 32);
  store<u64>(to, r1, 40);
  store<u64>(to, r2, 48);
  store<u64>(to, r3, 56);
}

/** Bytes of the exponent, which is what EXP charges for. */
export function significantBytes(a: usize): i32 {
  for (let at: i32 = 24; at >= 0; at -= 8) {
    const limb = load<u64>(a + <usize>at);
    if (limb !== 0) return at + 8 - (<i32>clz<u64>(limb) >> 3);
  }
  return 0;
}

/** base ** exponent, modulo 2^256: square and multiply from the lowest bit. */
export function power(to: usize, base: usize, exponent: usize): void {
  const bits = significantBytes(exponent) * 8;
  copy(BASE, base);
  setSmall(POWER, 1);
  for (let bit = 0; bit < bits; bit++) {
    if ((load<u8>(exponent + <usize>(bit >> 3)) >> <u8>(bit & 7)) & 1) multiply(POWER, POWER, BASE);
    multiply(BASE, BASE, BASE);
  }
  copy(to, POWER);
}
