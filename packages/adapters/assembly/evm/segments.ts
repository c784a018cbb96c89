// What a stretch of code costs and needs of the stack, measured where it is first entered and remembered by its address:
// the loop asks once for a stretch instead of once for each instruction in it.
import { ENDS_SEGMENT, EXISTS, OPCODES } from "./opcodes";

/** So little that measuring what is left soon costs no more than running it. */
const INSTRUCTIONS_MAX: i32 = 64;
const INDEX_MASK: usize = 32_767;
const ENTRY_BYTES: i32 = 16;
const STACK_BYTES: i32 = 32_768;
const ENTRIES: usize = memory.data(32_768 * ENTRY_BYTES, 16);

/** Fields of an entry: address u32, static gas u32, by how many bytes the stack may be higher than it must be u32, then u16: */
export const SEGMENT_GAS: usize = 4;
export const SEGMENT_ROOM: usize = 8;
/** Words that must be there. */
export const SEGMENT_NEEDS: usize = 12;
/** Bytes of code. */
export const SEGMENT_LENGTH: usize = 14;

/** Other code is to lie where code lay. */
export function forgetSegments(): void {
  memory.fill(ENTRIES, 0, 32_768 * <usize>ENTRY_BYTES);
}

/** The entry of the stretch that begins at an address. */
export function segmentAt(start: usize): usize {
  const entry = ENTRIES + ((start & INDEX_MASK) << 4);
  if (load<u32>(entry) !== <u32>start) measure(entry, start);
  return entry;
}

function measure(entry: usize, start: usize): void {
  let at = start;
  let gas: u32 = 0;
  let height: i32 = 0,
    highest: i32 = 0,
    needs: i32 = 0;
  for (let count = 0; count < INSTRUCTIONS_MAX; count++) {
    const opcode = load<u8>(at++);
    const facts = load<u32>(OPCODES + ((<usize>opcode) << 2));
    const takes = <i32>((facts >> 16) & 0x1f);
    gas += facts & 0xffff;
    needs = max<i32>(needs, takes - height);
    height += <i32>((facts >> 25) & 0x1f) - takes;
    highest = max<i32>(highest, height);
    if (opcode >= 0x60 && opcode <= 0x7f) at += <usize>opcode - 0x5f;
    if ((facts & EXISTS) === 0 || (facts & ENDS_SEGMENT) !== 0) break;
  }
  store<u32>(entry, <u32>start);
  store<u32>(entry, gas, SEGMENT_GAS);
  store<u32>(entry, <u32>(STACK_BYTES - ((highest + needs) << 5)), SEGMENT_ROOM);
  store<u16>(entry, <u16>needs, SEGMENT_NEEDS);
  store<u16>(entry, <u16>(at - start), SEGMENT_LENGTH);
}
