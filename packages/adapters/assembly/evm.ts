// The machine that runs EVM bytecode. Linear memory: this kernel's own data, frames, stacks, what the host puts in (code,
// input, return data), and above everything the memory of the frames, which only the newest of them can enlarge.
import { CONTEXT_BYTES, FRAME_BYTES, FRAMES_MAX, SCRATCH_BYTES, STACK_WORDS_MAX } from "./evm/layout";
import { setReturnData as setReturn } from "./evm/memoryInstructions";
import { defineOpcodes, OPCODES } from "./evm/opcodes";
import { run as runFrame } from "./evm/run";

// What compiled code asks for.
export { growFor } from "./evm/frame";
export { carryOut } from "./evm/instructions";
export { loadInputWord, returnDataSize } from "./evm/memoryInstructions";
export { power, significantBytes } from "./evm/product";
export {
  productModulo,
  quotientOf,
  quotientOfSigned,
  remainderOf,
  remainderOfSigned,
  sumModulo,
} from "./evm/quotient";
export { byteAt, countLeadingZeros, shiftLeft, shiftRight, shiftRightSigned, signExtend } from "./evm/word";

const CONTEXT: usize = memory.data(CONTEXT_BYTES, 16);
const FRAMES: usize = memory.data(FRAME_BYTES * FRAMES_MAX, 16);

const SCRATCH: usize = memory.data(SCRATCH_BYTES, 16);

defineOpcodes();

/** The table of instructions: 256 entries of 4 bytes. */
export function opcodesPointer(): usize {
  return OPCODES;
}

/** Room for words that compiled code hands over. */
export function scratchPointer(): usize {
  return SCRATCH;
}

export function contextPointer(): usize {
  return CONTEXT;
}

export function framesPointer(): usize {
  return FRAMES;
}

export function frameBytes(): i32 {
  return FRAME_BYTES;
}

export function framesMax(): i32 {
  return FRAMES_MAX;
}

/** Bytes that the stacks of all frames may take together. */
export function stackBytesMax(): i32 {
  return FRAMES_MAX * <i32>STACK_WORDS_MAX * 32;
}

/** First address that is the host's to give away. */
export function freePointer(): usize {
  return (__heap_base + 65535) & ~65535;
}

/** Output of the last call that ended, as RETURNDATASIZE and RETURNDATACOPY see it. */
export function setReturnData(address: usize, length: u32): void {
  setReturn(address, length);
}

/** Runs frame `depth` until it ends or needs the host. */
export function run(depth: i32): i32 {
  return runFrame(FRAMES + <usize>(depth * FRAME_BYTES), CONTEXT);
}
