// The machine that runs EVM bytecode. Linear memory: this kernel's own data, frames, stacks, what the host puts in (code,
// input, return data), and above everything the memory of the frames, which only the newest of them can enlarge.
import { CONTEXT_BYTES, FRAME_BYTES, FRAMES_MAX, STACK_WORDS_MAX } from "./evm/layout";
import { setReturnData as setReturn } from "./evm/memoryInstructions";
import { defineOpcodes } from "./evm/opcodes";
import { run as runFrame } from "./evm/run";

const CONTEXT: usize = memory.data(CONTEXT_BYTES, 16);
const FRAMES: usize = memory.data(FRAME_BYTES * FRAMES_MAX, 16);

defineOpcodes();

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
