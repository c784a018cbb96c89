// biome-ignore-all lint/correctness/noPrecisionLoss: u64 of AssemblyScript holds these constants exactly.

// Rounds of BLAKE2b (RFC 7693) with the sixteen words in locals: the compression function F, of which a contract may
// ask for any number of rounds (EIP-152). The host can stop between two rounds, take the words away and bring them back.

const WORDS: i32 = 16;
const WORD_BYTES: usize = 8;
const ROUND_BYTES: usize = <usize>WORDS * WORD_BYTES;
const SCHEDULES: i32 = 10;

/** h (8 words), m (16), t (2), and the sixteen words that rounds work on. */
const STATE: usize = memory.data(64 + 128 + 16 + 128, 16);
const MESSAGE: usize = STATE + 64;
const COUNTER: usize = MESSAGE + 128;
const WORKING: usize = COUNTER + 16;
/** The message's words in the order of each of the ten schedules, so that rounds read them one after the other. */
const ORDERED: usize = memory.data(1_280, 16);

const INITIAL: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1,
  0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

const SCHEDULE: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3, 11, 8, 12,
  0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8, 9, 0, 5, 7, 2, 4, 10,
  15, 14, 1, 11, 12, 6, 8, 3, 13, 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9, 12, 5, 1, 15, 14, 13, 4, 10, 0,
  7, 6, 3, 9, 2, 8, 11, 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7,
  1, 4, 10, 5, 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);

/** Where h, m and t go, as they lie in the input of the contract, and the working words lie behind them. */
export function statePointer(): usize {
  return STATE;
}

/** h, m, t and the working words: what a stopped computation is made of. */
export function stateBytes(): i32 {
  return 64 + 128 + 16 + 128;
}

/** Makes the working words of h and t. */
export function begin(isLast: i32): void {
  memory.copy(WORKING, STATE, 64);
  memory.copy(WORKING + 64, INITIAL, 64);
  xorAt(WORKING + 96, load<u64>(COUNTER));
  xorAt(WORKING + 104, load<u64>(COUNTER, 8));
  if (isLast) xorAt(WORKING + 112, u64.MAX_VALUE);
}

/** Adds the working words to h. */
export function end(): void {
  for (let i: usize = 0; i < 64; i += WORD_BYTES) {
    xorAt(STATE + i, load<u64>(WORKING + i) ^ load<u64>(WORKING + i, 64));
  }
}

function xorAt(at: usize, word: u64): void {
  store<u64>(at, load<u64>(at) ^ word);
}

function order(): void {
  for (let i = 0; i < SCHEDULES * WORDS; i++) {
    const word = <usize>load<u8>(SCHEDULE + <usize>i);
    store<u64>(ORDERED + <usize>i * WORD_BYTES, load<u64>(MESSAGE + word * WORD_BYTES));
  }
}

/** Runs `count` rounds, the first of them by schedule `first` (0 to 9). */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one round written out; arrays would live in memory, not in registers.
export function mix(first: i32, count: i32): void {
  order();
  let a0 = load<u64>(WORKING, 0),
    a1 = load<u64>(WORKING, 8),
    a2 = load<u64>(WORKING, 16),
    a3 = load<u64>(WORKING, 24);
  let b0 = load<u64>(WORKING, 32),
    b1 = load<u64>(WORKING, 40),
    b2 = load<u64>(WORKING, 48),
    b3 = load<u64>(WORKING, 56);
  let c0 = load<u64>(WORKING, 64),
    c1 = load<u64>(WORKING, 72),
    c2 = load<u64>(WORKING, 80),
    c3 = load<u64>(WORKING, 88);
  let d0 = load<u64>(WORKING, 96),
    d1 = load<u64>(WORKING, 104),
    d2 = load<u64>(WORKING, 112),
    d3 = load<u64>(WORKING, 120);

  let m = ORDERED + <usize>first * ROUND_BYTES;
  for (let round = 0; round < count; round++) {
    // columns
    a0 += b0 + load<u64>(m, 0);
    a1 += b1 + load<u64>(m, 16);
    a2 += b2 + load<u64>(m, 32);
    a3 += b3 + load<u64>(m, 48);
    d0 = rotr<u64>(d0 ^ a0, 32);
    d1 = rotr<u64>(d1 ^ a1, 32);
    d2 = rotr<u64>(d2 ^ a2, 32);
    d3 = rotr<u64>(d3 ^ a3, 32);
    c0 += d0;
    c1 += d1;
    c2 += d2;
    c3 += d3;
    b0 = rotr<u64>(b0 ^ c0, 24);
    b1 = rotr<u64>(b1 ^ c1, 24);
    b2 = rotr<u64>(b2 ^ c2, 24);
    b3 = rotr<u64>(b3 ^ c3, 24);
    a0 += b0 + load<u64>(m, 8);
    a1 += b1 + load<u64>(m, 24);
    a2 += b2 + load<u64>(m, 40);
    a3 += b3 + load<u64>(m, 56);
    d0 = rotr<u64>(d0 ^ a0, 16);
    d1 = rotr<u64>(d1 ^ a1, 16);
    d2 = rotr<u64>(d2 ^ a2, 16);
    d3 = rotr<u64>(d3 ^ a3, 16);
    c0 += d0;
    c1 += d1;
    c2 += d2;
    c3 += d3;
    b0 = rotr<u64>(b0 ^ c0, 63);
    b1 = rotr<u64>(b1 ^ c1, 63);
    b2 = rotr<u64>(b2 ^ c2, 63);
    b3 = rotr<u64>(b3 ^ c3, 63);

    // diagonals
    a0 += b1 + load<u64>(m, 64);
    a1 += b2 + load<u64>(m, 80);
    a2 += b3 + load<u64>(m, 96);
    a3 += b0 + load<u64>(m, 112);
    d3 = rotr<u64>(d3 ^ a0, 32);
    d0 = rotr<u64>(d0 ^ a1, 32);
    d1 = rotr<u64>(d1 ^ a2, 32);
    d2 = rotr<u64>(d2 ^ a3, 32);
    c2 += d3;
    c3 += d0;
    c0 += d1;
    c1 += d2;
    b1 = rotr<u64>(b1 ^ c2, 24);
    b2 = rotr<u64>(b2 ^ c3, 24);
    b3 = rotr<u64>(b3 ^ c0, 24);
    b0 = rotr<u64>(b0 ^ c1, 24);
    a0 += b1 + load<u64>(m, 72);
    a1 += b2 + load<u64>(m, 88);
    a2 += b3 + load<u64>(m, 104);
    a3 += b0 + load<u64>(m, 120);
    d3 = rotr<u64>(d3 ^ a0, 16);
    d0 = rotr<u64>(d0 ^ a1, 16);
    d1 = rotr<u64>(d1 ^ a2, 16);
    d2 = rotr<u64>(d2 ^ a3, 16);
    c2 += d3;
    c3 += d0;
    c0 += d1;
    c1 += d2;
    b1 = rotr<u64>(b1 ^ c2, 63);
    b2 = rotr<u64>(b2 ^ c3, 63);
    b3 = rotr<u64>(b3 ^ c0, 63);
    b0 = rotr<u64>(b0 ^ c1, 63);

    m += ROUND_BYTES;
    if (m === ORDERED + <usize>SCHEDULES * ROUND_BYTES) m = ORDERED;
  }

  store<u64>(WORKING, a0, 0);
  store<u64>(WORKING, a1, 8);
  store<u64>(WORKING, a2, 16);
  store<u64>(WORKING, a3, 24);
  store<u64>(WORKING, b0, 32);
  store<u64>(WORKING, b1, 40);
  store<u64>(WORKING, b2, 48);
  store<u64>(WORKING, b3, 56);
  store<u64>(WORKING, c0, 64);
  store<u64>(WORKING, c1, 72);
  store<u64>(WORKING, c2, 80);
  store<u64>(WORKING, c3, 88);
  store<u64>(WORKING, d0, 96);
  store<u64>(WORKING, d1, 104);
  store<u64>(WORKING, d2, 112);
  store<u64>(WORKING, d3, 120);
}
