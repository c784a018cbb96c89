// Compiled code by hash, linked to one kernel.
import type { Hash32 } from "@festina/primitives";
import type { KernelExports } from "../interpreter/kernel.ts";
import { compileCode } from "./compileCode.ts";
import { type InstructionTable, readInstructionTable } from "./instructionTable.ts";
import type { KernelAddresses } from "./kernelLinks.ts";

/** Links a compiled module to a kernel's memory and functions. @returns the place of its entry in the kernel's table */
export type LinkModule = (module: Uint8Array, kernel: KernelExports) => number;

export interface LinkedCode {
  /** Place in the kernel's table of the function that runs a frame from where it stands. */
  readonly runner: number;
  /** By place in the code: which function begins there. Goes to the kernel's memory beside the code. */
  readonly functions: Uint32Array;
}

/** Places in a table are not given back: a machine that has linked so much is not used again. */
const LINKED_MAX = 2_048;
const OPCODES = 256;

export class CompiledCodes {
  readonly #kernel: KernelExports;
  readonly #linkModule: LinkModule;
  readonly #table: InstructionTable;
  readonly #addresses: KernelAddresses;
  readonly #linked = new Map<Hash32, LinkedCode>();
  #count = 0;

  constructor(kernel: KernelExports, linkModule: LinkModule) {
    this.#kernel = kernel;
    this.#linkModule = linkModule;
    const entries = new Uint32Array(kernel.memory.buffer, kernel.opcodesPointer(), OPCODES);
    this.#table = readInstructionTable(entries.slice());
    this.#addresses = { context: kernel.contextPointer(), scratch: kernel.scratchPointer() };
  }

  get isFull(): boolean {
    return this.#count > LINKED_MAX;
  }

  /** `hash` is `null` for code that runs once. */
  link(hash: Hash32 | null, code: Uint8Array): LinkedCode {
    const known = hash === null ? undefined : this.#linked.get(hash);
    if (known !== undefined) return known;
    const { module, functions } = compileCode(code, this.#table, this.#addresses);
    const linked = { runner: this.#linkModule(module, this.#kernel), functions };
    this.#count += 1;
    if (hash !== null) this.#linked.set(hash, linked);
    return linked;
  }
}
