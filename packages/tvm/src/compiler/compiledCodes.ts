// Compiled code by hash, linked to one kernel.
import { type Hash32, LruMap } from "@festina/primitives";
import type { KernelExports } from "../interpreter/kernel.ts";
import { compileCode } from "./compileCode.ts";
import { type InstructionTable, readInstructionTable } from "./instructionTable.ts";
import type { KernelAddresses } from "./kernelLinks.ts";

/** Makes an instance of a compiled module that works on the memory and with the functions of a kernel. */
export type LinkModule = (module: Uint8Array, kernel: KernelExports) => FrameRunner;

/** Runs a frame from where it stands. @returns a status of the kernel's layout */
export type FrameRunner = (frame: number) => number;

export interface LinkedCode {
  readonly run: FrameRunner;
  /** By place in the code: which function begins there. Goes to the kernel's memory beside the code. */
  readonly functions: Uint32Array;
}

const LINKED_MAX = 512;
const OPCODES = 256;

export class CompiledCodes {
  readonly #kernel: KernelExports;
  readonly #linkModule: LinkModule;
  readonly #table: InstructionTable;
  readonly #addresses: KernelAddresses;
  readonly #linked = new LruMap<Hash32, LinkedCode>(LINKED_MAX);

  constructor(kernel: KernelExports, linkModule: LinkModule) {
    this.#kernel = kernel;
    this.#linkModule = linkModule;
    const entries = new Uint32Array(kernel.memory.buffer, kernel.opcodesPointer(), OPCODES);
    this.#table = readInstructionTable(entries.slice());
    this.#addresses = { context: kernel.contextPointer(), scratch: kernel.scratchPointer() };
  }

  /** `hash` is `null` for code that runs once. */
  link(hash: Hash32 | null, code: Uint8Array): LinkedCode {
    const known = hash === null ? undefined : this.#linked.get(hash);
    if (known !== undefined) return known;
    const { module, functions } = compileCode(code, this.#table, this.#addresses);
    const linked = { run: this.#linkModule(module, this.#kernel), functions };
    if (hash !== null) this.#linked.set(hash, linked);
    return linked;
  }
}
