/** Seeded pseudo-random numbers (xoshiro128**, Blackman and Vigna) for simulation and tests: same seed, same numbers. Never for keys. */
export interface Prng {
  /** 32 random bits as an unsigned integer. */
  next(): number;
  /** Uniform in [0, bound). */
  below(bound: number): number;
  bytes(length: number): Uint8Array;
}

export function createPrng(seed: number): Prng {
  // SplitMix32 fills the state, so that neighbouring seeds give unrelated sequences.
  let mix = seed >>> 0;
  const fill = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();
  const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  return {
    next,
    below: (bound) => Math.floor((next() / 0x1_0000_0000) * bound),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}
