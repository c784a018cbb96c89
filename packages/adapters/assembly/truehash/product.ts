// Matrix times state, by bands.

import { BYTES, OUT, STATE } from "./state";

const HAS_SIMD: bool = isDefined(SIMD);
/** Masks of one band lie together for this much of the state, which a step keeps in registers. */
const GROUP_BYTES: usize = 64;
const GROUPS: usize = BYTES / GROUP_BYTES;
/** A band's column is read up to this far outside of the state; the masks let nothing of it through. */
const MARGIN: usize = 256;
const SHIFTED_BYTES: usize = MARGIN + BYTES + MARGIN;
/** The state with a word of zeros on both sides. */
const PADDED: usize = memory.data(288, 16);
/** The state moved by 0 to 7 bits towards bit 0, so that any distance becomes one of bytes. */
const SHIFTED: usize = memory.data(6144, 16); // 8 * SHIFTED_BYTES

const PAGE_BYTES: usize = 65536;

let bands: usize = 0;
let offsets: usize = 0;
let masks: usize = 0;

/**
 * Room for `count` distances, the same for all tables: where the host writes them, i32 each, then, 16-byte aligned, the
 * masks by table, group of 64 bytes, and distance. To be called once.
 */
export function createBands(count: i32): usize {
  bands = <usize>count;
  offsets = (__heap_base + 15) & ~15;
  masks = (offsets + ((<usize>count) << 2) + 15) & ~15;
  const pages = <i32>((masks + ((<usize>count * BYTES) << 4) + PAGE_BYTES - 1) / PAGE_BYTES);
  if (pages > memory.size()) memory.grow(pages - memory.size());
  return offsets;
}

/** OUT = table * STATE. */
export function multiply(table: u32): void {
  shiftState();
  const group0 = masks + <usize>table * GROUPS * bands * GROUP_BYTES;
  for (let group: usize = 0; group < GROUPS; group++) {
    const at = group * GROUP_BYTES;
    if (HAS_SIMD) sumVectors(at, group0 + group * bands * GROUP_BYTES);
    else sumWords(at, group0 + group * bands * GROUP_BYTES);
  }
}

/** Where the state shifted by a distance begins. */
function shiftedBy(band: usize): usize {
  const distance = load<i32>(offsets + (band << 2));
  return SHIFTED + MARGIN + <usize>(distance & 7) * SHIFTED_BYTES + <usize>(distance >> 3);
}

function sumVectors(at: usize, groupMasks: usize): void {
  let sum0 = i64x2(0, 0);
  let sum1 = i64x2(0, 0);
  let sum2 = i64x2(0, 0);
  let sum3 = i64x2(0, 0);
  let mask = groupMasks;
  for (let band: usize = 0; band < bands; band++) {
    const from = shiftedBy(band) + at;
    sum0 = v128.xor(sum0, v128.and(v128.load(from), v128.load(mask)));
    sum1 = v128.xor(sum1, v128.and(v128.load(from, 16), v128.load(mask, 16)));
    sum2 = v128.xor(sum2, v128.and(v128.load(from, 32), v128.load(mask, 32)));
    sum3 = v128.xor(sum3, v128.and(v128.load(from, 48), v128.load(mask, 48)));
    mask += GROUP_BYTES;
  }
  v128.store(OUT + at, sum0);
  v128.store(OUT + at, sum1, 16);
  v128.store(OUT + at, sum2, 32);
  v128.store(OUT + at, sum3, 48);
}

function sumWords(at: usize, groupMasks: usize): void {
  let sum0: u64 = 0;
  let sum1: u64 = 0;
  let sum2: u64 = 0;
  let sum3: u64 = 0;
  let sum4: u64 = 0;
  let sum5: u64 = 0;
  let sum6: u64 = 0;
  let sum7: u64 = 0;
  let mask = groupMasks;
  for (let band: usize = 0; band < bands; band++) {
    const from = shiftedBy(band) + at;
    sum0 ^= load<u64>(from) & load<u64>(mask);
    sum1 ^= load<u64>(from, 8) & load<u64>(mask, 8);
    sum2 ^= load<u64>(from, 16) & load<u64>(mask, 16);
    sum3 ^= load<u64>(from, 24) & load<u64>(mask, 24);
    sum4 ^= load<u64>(from, 32) & load<u64>(mask, 32);
    sum5 ^= load<u64>(from, 40) & load<u64>(mask, 40);
    sum6 ^= load<u64>(from, 48) & load<u64>(mask, 48);
    sum7 ^= load<u64>(from, 56) & load<u64>(mask, 56);
    mask += GROUP_BYTES;
  }
  store<u64>(OUT + at, sum0);
  store<u64>(OUT + at, sum1, 8);
  store<u64>(OUT + at, sum2, 16);
  store<u64>(OUT + at, sum3, 24);
  store<u64>(OUT + at, sum4, 32);
  store<u64>(OUT + at, sum5, 40);
  store<u64>(OUT + at, sum6, 48);
  store<u64>(OUT + at, sum7, 56);
}

/** Bit k of copy r is bit k + r of the state, from k = -64 on, since a band may reach below the copy's beginning. */
function shiftState(): void {
  memory.copy(PADDED + 16, STATE, BYTES);
  for (let right: u32 = 0; right < 8; right++) {
    const to = SHIFTED + <usize>right * SHIFTED_BYTES + MARGIN;
    if (HAS_SIMD) shiftVectors(to, right);
    else shiftWords(to, right);
  }
}

function shiftVectors(to: usize, right: u32): void {
  const left = <i32>(64 - right);
  for (let at: usize = 0; at < BYTES + 16; at += 16) {
    const low = v128.load(PADDED + at);
    // Within a lane: a shift by 64 would be one by 0, and copy 0 has nothing from above.
    const high = right === 0 ? i64x2(0, 0) : i64x2.shl(v128.load(PADDED + at, 8), left);
    v128.store(to + at - 16, v128.or(i64x2.shr_u(low, <i32>right), high));
  }
}

function shiftWords(to: usize, right: u32): void {
  const shift = <u64>right;
  for (let at: usize = 0; at < BYTES + 16; at += 8) {
    const low = load<u64>(PADDED + at);
    const high = load<u64>(PADDED + at, 8);
    store<u64>(to + at - 16, (low >> shift) | ((high << 1) << (63 - shift)));
  }
}
