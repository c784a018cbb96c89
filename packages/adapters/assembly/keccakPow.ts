// biome-ignore-all lint/correctness/noPrecisionLoss: u64 of AssemblyScript holds these constants exactly.

// Nonce search for the keccak proof of work: keccak256(seal || nonce), one block of input per try, so the state lives in
// locals and memory is only read for round constants.

const ROUNDS: i32 = 24;

const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);

let seal0: u64 = 0;
let seal1: u64 = 0;
let seal2: u64 = 0;
let seal3: u64 = 0;
let blockHigh: u64 = 0;
let blockLow: u64 = 0;
let fruitHigh: u64 = 0;
let fruitLow: u64 = 0;

/** The sealed hash as four lanes: its bytes eight by eight, little-endian. */
export function setSeal(lane0: u64, lane1: u64, lane2: u64, lane3: u64): void {
  seal0 = lane0;
  seal1 = lane1;
  seal2 = lane2;
  seal3 = lane3;
}

/** Highest winning halves: of the high half of a result for a block, of the low half for a fruit. */
export function setTargets(blockTop: u64, blockRest: u64, fruitTop: u64, fruitRest: u64): void {
  blockHigh = blockTop;
  blockLow = blockRest;
  fruitHigh = fruitTop;
  fruitLow = fruitRest;
}

/** Tries `count` nonces from `start` on; how far from `start` the first winner lies, or -1. */
export function search(start: u64, count: i32): i32 {
  for (let i = 0; i < count; i++) if (wins(start + <u64>i)) return i;
  return -1;
}

/** Keccak-f[1600] over the padded 40-byte message; a variable is named by its lane, x + 5 y. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one round written out; arrays would live in memory, not in registers.
function wins(nonce: u64): bool {
  let a0 = seal0;
  let a1 = seal1;
  let a2 = seal2;
  let a3 = seal3;
  let a4 = bswap<u64>(nonce);
  // Padding: 0x01 behind the message, 0x80 at the end of the rate.
  let a5: u64 = 1;
  let a16: u64 = 0x8000000000000000;
  let a6: u64 = 0;
  let a7: u64 = 0;
  let a8: u64 = 0;
  let a9: u64 = 0;
  let a10: u64 = 0;
  let a11: u64 = 0;
  let a12: u64 = 0;
  let a13: u64 = 0;
  let a14: u64 = 0;
  let a15: u64 = 0;
  let a17: u64 = 0;
  let a18: u64 = 0;
  let a19: u64 = 0;
  let a20: u64 = 0;
  let a21: u64 = 0;
  let a22: u64 = 0;
  let a23: u64 = 0;
  let a24: u64 = 0;

  for (let round = 0; round < ROUNDS; round++) {
    // theta
    const c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
    const c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
    const c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
    const c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
    const c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
    const d0 = c4 ^ rotl<u64>(c1, 1);
    const d1 = c0 ^ rotl<u64>(c2, 1);
    const d2 = c1 ^ rotl<u64>(c3, 1);
    const d3 = c2 ^ rotl<u64>(c4, 1);
    const d4 = c3 ^ rotl<u64>(c0, 1);

    // rho and pi
    const b0 = a0 ^ d0;
    const b1 = rotl<u64>(a6 ^ d1, 44);
    const b2 = rotl<u64>(a12 ^ d2, 43);
    const b3 = rotl<u64>(a18 ^ d3, 21);
    const b4 = rotl<u64>(a24 ^ d4, 14);
    const b5 = rotl<u64>(a3 ^ d3, 28);
    const b6 = rotl<u64>(a9 ^ d4, 20);
    const b7 = rotl<u64>(a10 ^ d0, 3);
    const b8 = rotl<u64>(a16 ^ d1, 45);
    const b9 = rotl<u64>(a22 ^ d2, 61);
    const b10 = rotl<u64>(a1 ^ d1, 1);
    const b11 = rotl<u64>(a7 ^ d2, 6);
    const b12 = rotl<u64>(a13 ^ d3, 25);
    const b13 = rotl<u64>(a19 ^ d4, 8);
    const b14 = rotl<u64>(a20 ^ d0, 18);
    const b15 = rotl<u64>(a4 ^ d4, 27);
    const b16 = rotl<u64>(a5 ^ d0, 36);
    const b17 = rotl<u64>(a11 ^ d1, 10);
    const b18 = rotl<u64>(a17 ^ d2, 15);
    const b19 = rotl<u64>(a23 ^ d3, 56);
    const b20 = rotl<u64>(a2 ^ d2, 62);
    const b21 = rotl<u64>(a8 ^ d3, 55);
    const b22 = rotl<u64>(a14 ^ d4, 39);
    const b23 = rotl<u64>(a15 ^ d0, 41);
    const b24 = rotl<u64>(a21 ^ d1, 2);

    // chi and iota
    a0 = b0 ^ (~b1 & b2) ^ load<u64>(ROUND_CONSTANTS + ((<usize>round) << 3));
    a1 = b1 ^ (~b2 & b3);
    a2 = b2 ^ (~b3 & b4);
    a3 = b3 ^ (~b4 & b0);
    a4 = b4 ^ (~b0 & b1);
    a5 = b5 ^ (~b6 & b7);
    a6 = b6 ^ (~b7 & b8);
    a7 = b7 ^ (~b8 & b9);
    a8 = b8 ^ (~b9 & b5);
    a9 = b9 ^ (~b5 & b6);
    a10 = b10 ^ (~b11 & b12);
    a11 = b11 ^ (~b12 & b13);
    a12 = b12 ^ (~b13 & b14);
    a13 = b13 ^ (~b14 & b10);
    a14 = b14 ^ (~b10 & b11);
    a15 = b15 ^ (~b16 & b17);
    a16 = b16 ^ (~b17 & b18);
    a17 = b17 ^ (~b18 & b19);
    a18 = b18 ^ (~b19 & b15);
    a19 = b19 ^ (~b15 & b16);
    a20 = b20 ^ (~b21 & b22);
    a21 = b21 ^ (~b22 & b23);
    a22 = b22 ^ (~b23 & b24);
    a23 = b23 ^ (~b24 & b20);
    a24 = b24 ^ (~b20 & b21);
  }

  return (
    isAtMost(bswap<u64>(a0), bswap<u64>(a1), blockHigh, blockLow) ||
    isAtMost(bswap<u64>(a2), bswap<u64>(a3), fruitHigh, fruitLow)
  );
}

function isAtMost(high: u64, low: u64, limitHigh: u64, limitLow: u64): bool {
  return high < limitHigh || (high === limitHigh && low <= limitLow);
}
