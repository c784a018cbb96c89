// Init code, made ready to run: short code here, where it is for one run; long code, and whatever the host wants to compile,
// by the host.
import { clearBytes, copyBytes } from "../bytes";
import { placeInitCode } from "../host";
import { forgetSegments } from "../segments";
import { CODE_FIELDS_BYTES } from "../state/accounts";
import { isSame } from "../word";

/** Where the init code lies that this run has placed last, as five fields: factories run the same again and again. */
const NEWEST: usize = memory.data(32, 16);

const SHORT_BYTES: u32 = 1_024;
const ROOM_BYTES: usize = 512 * 1024;
const ROOM: usize = memory.data(512 * 1024, 16);
/** What a run may find; another begins at the beginning when there is less. */
const KEPT_BYTES: usize = 128 * 1024;
/** As behind all code: PUSH32 as the last byte reads 32 bytes, and STOP follows. */
const PADDING_BYTES: usize = 40;
/** Gas before code, which nobody counts here (heat.ts). */
const HEAT_BYTES: usize = 16;
const NEVER_HOT: i64 = 1 << 62;

let used: usize = 0;
let isHosts: bool = false;

/** Whether the host places all init code. */
export function leaveInitCode(toHost: bool): void {
  isHosts = toHost;
}

/** Before a run. */
export function forgetInitCode(): void {
  clearBytes(NEWEST, CODE_FIELDS_BYTES);
  if (ROOM_BYTES - used >= KEPT_BYTES) return;
  used = 0;
  forgetSegments();
}

/** Five fields that say where it is, as in an account's record. */
export function initCodeAt(code: usize, length: u32): usize {
  const newest = <usize>load<u32>(NEWEST);
  if (newest !== 0 && load<u32>(NEWEST, 4) === length && isSame(newest, code, length)) return NEWEST;
  const size = (HEAT_BYTES + 2 * (<usize>length + PADDING_BYTES) + 15) & ~15;
  if (isHosts || length > SHORT_BYTES || size > ROOM_BYTES - used) placeInitCode(code, length, NEWEST);
  else place(code, length, size);
  return NEWEST;
}

function place(code: usize, length: u32, size: usize): void {
  const at = ROOM + used + HEAT_BYTES;
  used += size;
  const targets = at + <usize>length + PADDING_BYTES;
  store<i64>(at - 8, NEVER_HOT);
  copyBytes(at, code, <usize>length);
  clearBytes(at + <usize>length, PADDING_BYTES);
  markTargets(at, targets, <usize>length);
  store<u32>(NEWEST, <u32>at);
  store<u32>(NEWEST, length, 4);
  store<u32>(NEWEST, <u32>targets, 8);
  store<u32>(NEWEST, 0, 12);
  store<u32>(NEWEST, 0, 16);
}

/** One byte per byte of code: 1 where a jump may land. */
function markTargets(code: usize, targets: usize, length: usize): void {
  clearBytes(targets, length + PADDING_BYTES);
  for (let i: usize = 0; i < length; i++) {
    const opcode = load<u8>(code + i);
    if (opcode === 0x5b) store<u8>(targets + i, 1);
    else if (opcode >= 0x60 && opcode <= 0x7f) i += <usize>opcode - 0x5f;
  }
}
