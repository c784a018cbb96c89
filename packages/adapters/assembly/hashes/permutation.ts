// biome-ignore-all lint/correctness/noPrecisionLoss: u64 of AssemblyScript holds these constants exactly.

// Keccak-f[1600] of the state below. Rounds go from one room of 25 lanes to another and back: so many fit no machine's
// registers, and said here where they lie costs less than what compilers find for them.

const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);
/** All rounds but the last two. */
const LAST_TWO: usize = 22 * 8;

export const STATE_BYTES: usize = 200;
/**
 * Behind the lanes of each room, the parities of its five columns. Nobody reads them: that they are stored makes V8 finish
 * a column before it loads the next, where it would load all 25 lanes first and spill most of them to the stack.
 */
const PARITY: usize = STATE_BYTES;
const ROOM_BYTES: i32 = 240;
/** Lane x + 5 y at eight bytes for each. */
export const STATE: usize = memory.data(ROOM_BYTES, 16);
const OTHER: usize = memory.data(ROOM_BYTES, 16);

/** Methods, because only they may be marked: called as functions, rounds take a quarter longer. */
// biome-ignore lint/complexity/noStaticOnlyClass: see above.
class Round {
  /** Theta, rho, pi, chi and iota, row by row of the result; `constant` is where that of the round lies. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: one round written out; arrays would cost what this saves.
  @inline
  static go(from: usize, to: usize, constant: usize): void {
    const c0 =
      load<u64>(from, 0) ^ load<u64>(from, 40) ^ load<u64>(from, 80) ^ load<u64>(from, 120) ^ load<u64>(from, 160);
    store<u64>(from, c0, PARITY + 0);
    const c1 =
      load<u64>(from, 8) ^ load<u64>(from, 48) ^ load<u64>(from, 88) ^ load<u64>(from, 128) ^ load<u64>(from, 168);
    store<u64>(from, c1, PARITY + 8);
    const c2 =
      load<u64>(from, 16) ^ load<u64>(from, 56) ^ load<u64>(from, 96) ^ load<u64>(from, 136) ^ load<u64>(from, 176);
    store<u64>(from, c2, PARITY + 16);
    const c3 =
      load<u64>(from, 24) ^ load<u64>(from, 64) ^ load<u64>(from, 104) ^ load<u64>(from, 144) ^ load<u64>(from, 184);
    store<u64>(from, c3, PARITY + 24);
    const c4 =
      load<u64>(from, 32) ^ load<u64>(from, 72) ^ load<u64>(from, 112) ^ load<u64>(from, 152) ^ load<u64>(from, 192);
    store<u64>(from, c4, PARITY + 32);
    const d0 = c4 ^ rotl<u64>(c1, 1);
    const d1 = c0 ^ rotl<u64>(c2, 1);
    const d2 = c1 ^ rotl<u64>(c3, 1);
    const d3 = c2 ^ rotl<u64>(c4, 1);
    const d4 = c3 ^ rotl<u64>(c0, 1);
    {
      const b0 = load<u64>(from, 0) ^ d0;
      const b1 = rotl<u64>(load<u64>(from, 48) ^ d1, 44);
      const b2 = rotl<u64>(load<u64>(from, 96) ^ d2, 43);
      const b3 = rotl<u64>(load<u64>(from, 144) ^ d3, 21);
      const b4 = rotl<u64>(load<u64>(from, 192) ^ d4, 14);
      const a0 = b0 ^ (b1 | b2);
      const a1 = b1 ^ (~b2 | b3);
      const a2 = b2 ^ (b3 & b4);
      const a3 = b3 ^ (b4 | b0);
      const a4 = b4 ^ (b0 & b1);
      store<u64>(to, a0 ^ load<u64>(constant), 0);
      store<u64>(to, a1, 8);
      store<u64>(to, a2, 16);
      store<u64>(to, a3, 24);
      store<u64>(to, a4, 32);
    }
    {
      const b0 = rotl<u64>(load<u64>(from, 24) ^ d3, 28);
      const b1 = rotl<u64>(load<u64>(from, 72) ^ d4, 20);
      const b2 = rotl<u64>(load<u64>(from, 80) ^ d0, 3);
      const b3 = rotl<u64>(load<u64>(from, 128) ^ d1, 45);
      const b4 = rotl<u64>(load<u64>(from, 176) ^ d2, 61);
      const a0 = b0 ^ (b1 | b2);
      const a1 = b1 ^ (b2 & b3);
      const a2 = b2 ^ (b3 | ~b4);
      const a3 = b3 ^ (b4 | b0);
      const a4 = b4 ^ (b0 & b1);
      store<u64>(to, a0, 40);
      store<u64>(to, a1, 48);
      store<u64>(to, a2, 56);
      store<u64>(to, a3, 64);
      store<u64>(to, a4, 72);
    }
    {
      const b0 = rotl<u64>(load<u64>(from, 8) ^ d1, 1);
      const b1 = rotl<u64>(load<u64>(from, 56) ^ d2, 6);
      const b2 = rotl<u64>(load<u64>(from, 104) ^ d3, 25);
      const b3 = rotl<u64>(load<u64>(from, 152) ^ d4, 8);
      const b4 = rotl<u64>(load<u64>(from, 160) ^ d0, 18);
      const n3 = ~b3;
      const a0 = b0 ^ (b1 | b2);
      const a1 = b1 ^ (b2 & b3);
      const a2 = b2 ^ (n3 & b4);
      const a3 = n3 ^ (b4 | b0);
      const a4 = b4 ^ (b0 & b1);
      store<u64>(to, a0, 80);
      store<u64>(to, a1, 88);
      store<u64>(to, a2, 96);
      store<u64>(to, a3, 104);
      store<u64>(to, a4, 112);
    }
    {
      const b0 = rotl<u64>(load<u64>(from, 32) ^ d4, 27);
      const b1 = rotl<u64>(load<u64>(from, 40) ^ d0, 36);
      const b2 = rotl<u64>(load<u64>(from, 88) ^ d1, 10);
      const b3 = rotl<u64>(load<u64>(from, 136) ^ d2, 15);
      const b4 = rotl<u64>(load<u64>(from, 184) ^ d3, 56);
      const n3 = ~b3;
      const a0 = b0 ^ (b1 & b2);
      const a1 = b1 ^ (b2 | b3);
      const a2 = b2 ^ (n3 | b4);
      const a3 = n3 ^ (b4 & b0);
      const a4 = b4 ^ (b0 | b1);
      store<u64>(to, a0, 120);
      store<u64>(to, a1, 128);
      store<u64>(to, a2, 136);
      store<u64>(to, a3, 144);
      store<u64>(to, a4, 152);
    }
    {
      const b0 = rotl<u64>(load<u64>(from, 16) ^ d2, 62);
      const b1 = rotl<u64>(load<u64>(from, 64) ^ d3, 55);
      const b2 = rotl<u64>(load<u64>(from, 112) ^ d4, 39);
      const b3 = rotl<u64>(load<u64>(from, 120) ^ d0, 41);
      const b4 = rotl<u64>(load<u64>(from, 168) ^ d1, 2);
      const n1 = ~b1;
      const a0 = b0 ^ (n1 & b2);
      const a1 = n1 ^ (b2 | b3);
      const a2 = b2 ^ (b3 & b4);
      const a3 = b3 ^ (b4 | b0);
      const a4 = b4 ^ (b0 & b1);
      store<u64>(to, a0, 160);
      store<u64>(to, a1, 168);
      store<u64>(to, a2, 176);
      store<u64>(to, a3, 184);
      store<u64>(to, a4, 192);
    }
  }

  /** The last round as far as the first row. */
  @inline
  static endWithDigest(from: usize, constant: usize): void {
    const c0 =
      load<u64>(from, 0) ^ load<u64>(from, 40) ^ load<u64>(from, 80) ^ load<u64>(from, 120) ^ load<u64>(from, 160);
    store<u64>(from, c0, PARITY + 0);
    const c1 =
      load<u64>(from, 8) ^ load<u64>(from, 48) ^ load<u64>(from, 88) ^ load<u64>(from, 128) ^ load<u64>(from, 168);
    store<u64>(from, c1, PARITY + 8);
    const c2 =
      load<u64>(from, 16) ^ load<u64>(from, 56) ^ load<u64>(from, 96) ^ load<u64>(from, 136) ^ load<u64>(from, 176);
    store<u64>(from, c2, PARITY + 16);
    const c3 =
      load<u64>(from, 24) ^ load<u64>(from, 64) ^ load<u64>(from, 104) ^ load<u64>(from, 144) ^ load<u64>(from, 184);
    store<u64>(from, c3, PARITY + 24);
    const c4 =
      load<u64>(from, 32) ^ load<u64>(from, 72) ^ load<u64>(from, 112) ^ load<u64>(from, 152) ^ load<u64>(from, 192);
    store<u64>(from, c4, PARITY + 32);
    const d0 = c4 ^ rotl<u64>(c1, 1);
    const d1 = c0 ^ rotl<u64>(c2, 1);
    const d2 = c1 ^ rotl<u64>(c3, 1);
    const d3 = c2 ^ rotl<u64>(c4, 1);
    const d4 = c3 ^ rotl<u64>(c0, 1);
    const b0 = load<u64>(from, 0) ^ d0;
    const b1 = rotl<u64>(load<u64>(from, 48) ^ d1, 44);
    const b2 = rotl<u64>(load<u64>(from, 96) ^ d2, 43);
    const b3 = rotl<u64>(load<u64>(from, 144) ^ d3, 21);
    const b4 = rotl<u64>(load<u64>(from, 192) ^ d4, 14);
    store<u64>(STATE, b0 ^ (b1 | b2) ^ load<u64>(constant), 0);
    store<u64>(STATE, ~(b1 ^ (~b2 | b3)), 8);
    store<u64>(STATE, ~(b2 ^ (b3 & b4)), 16);
    store<u64>(STATE, b3 ^ (b4 | b0), 24);
  }
}

export function permute(): void {
  begin();
  for (let at = ROUND_CONSTANTS; at <= ROUND_CONSTANTS + LAST_TWO; at += 16) {
    Round.go(STATE, OTHER, at);
    Round.go(OTHER, STATE, at + 8);
  }
  complementLanes();
}

/** The same as far as the first four lanes, which is what a digest is; the others are worth nothing then. */
export function permuteToDigest(): void {
  begin();
  for (let at = ROUND_CONSTANTS; at < ROUND_CONSTANTS + LAST_TWO; at += 16) {
    Round.go(STATE, OTHER, at);
    Round.go(OTHER, STATE, at + 8);
  }
  Round.go(STATE, OTHER, ROUND_CONSTANTS + LAST_TWO);
  Round.endWithDigest(OTHER, ROUND_CONSTANTS + LAST_TWO + 8);
}

function begin(): void {
  complementLanes();
}

/**
 * Six lanes hold their complements between two rounds, by which five of six inversions in a round become none (Keccak
 * implementation overview 3.2, section 2.2): machines without and-not save a tenth.
 */
function complementLanes(): void {
  complement(1);
  complement(2);
  complement(8);
  complement(12);
  complement(17);
  complement(20);
}

function complement(lane: usize): void {
  store<u64>(STATE + (lane << 3), ~load<u64>(STATE + (lane << 3)));
}
