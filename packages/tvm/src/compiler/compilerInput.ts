import type { KernelExports } from "../interpreter/kernel.ts";
import type { KernelAddresses } from "./kernelLinks.ts";

/** What the compiler has to know of the kernel: the same for every instance of one build, plain data for other threads. */
export interface CompilerInput {
  /** The kernel's table of instructions (instructionTable.ts). */
  readonly opcodes: Uint32Array;
  readonly addresses: KernelAddresses;
}

const OPCODES = 256;

export function compilerInputOf(kernel: KernelExports): CompilerInput {
  return {
    opcodes: new Uint32Array(kernel.memory.buffer, kernel.opcodesPointer(), OPCODES).slice(),
    addresses: {
      context: kernel.contextPointer(),
      pauseBelow: kernel.pauseBelowPointer(),
      scratch: kernel.scratchPointer(),
    },
  };
}
