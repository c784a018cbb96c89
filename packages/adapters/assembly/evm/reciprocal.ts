// Reciprocals of divisors: Möller and Granlund, "Improved division by invariant integers", IEEE Transactions on Computers
// 60 (2011), algorithms 3 and 6.
import { highProduct } from "./product";

const TWO_60: u64 = 0x1000_0000_0000_0000;
/** First guesses by the nine highest bits, of which the first is set: (2^19 - 3 * 2^8) / those bits, two bytes each. */
const GUESSES: usize = memory.data(512, 16);
for (let bits: u32 = 256; bits < 512; bits++) store<u16>(GUESSES + ((<usize>bits - 256) << 1), <u16>(0x7_fd00 / bits));

/** The last ones: most code divides by few numbers. */
let knownLimb: u64 = 0;
let knownOfLimb: u64 = 0;
let knownHigh: u64 = 0;
let knownLow: u64 = 0;
let knownOfTwo: u64 = 0;

/** (2^128 - 1) / d - 2^64, for a limb with its highest bit set. */
export function reciprocalOf(d: u64): u64 {
  if (d === knownLimb) return knownOfLimb;
  const first = <u64>load<u16>(GUESSES + <usize>((d >> 54) & 0x1fe));
  const high = (d >> 24) + 1;
  const second = (first << 11) - ((first * first * high) >> 40) - 1;
  const third = (second << 13) + ((second * (TWO_60 - second * high)) >> 47);
  const odd = d & 1;
  const error = ((third >> 1) & (0 - odd)) - third * ((d >> 1) + odd);
  const fourth = (third << 31) + (highProduct(third, error) >> 1);
  knownLimb = d;
  knownOfLimb = fourth - (highProduct(fourth, d) + <u64>(fourth * d + d < d) + d);
  return knownOfLimb;
}

/** (2^192 - 1) / d - 2^64, for a divisor of two limbs with its highest bit set. */
export function reciprocalOfTwo(high: u64, low: u64): u64 {
  if (high === knownHigh && low === knownLow) return knownOfTwo;
  let reciprocal = reciprocalOf(high);
  let rest = high * reciprocal + low;
  if (rest < low) {
    reciprocal--;
    if (rest >= high) {
      reciprocal--;
      rest -= high;
    }
    rest -= high;
  }
  const product = highProduct(reciprocal, low);
  const productLow = reciprocal * low;
  rest += product;
  if (rest < product) {
    reciprocal--;
    if (rest > high || (rest === high && productLow >= low)) reciprocal--;
  }
  knownHigh = high;
  knownLow = low;
  knownOfTwo = reciprocal;
  return reciprocal;
}
