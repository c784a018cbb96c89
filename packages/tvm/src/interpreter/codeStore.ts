// Code in the kernel's memory: each once, with the places where jumps may land beside it.
import type { Hash32 } from "@festina/primitives";
import type { CompiledCodes } from "../compiler/compiledCodes.ts";
import type { KernelMemory } from "./kernelMemory.ts";

export interface LoadedCode {
  readonly pointer: number;
  readonly length: number;
  readonly jumpTargets: number;
  /** For code that has been compiled. */
  readonly compiled: { readonly runner: number; readonly functions: number } | null;
}

/** PUSH32 as the last byte reads 32 bytes behind the code, and STOP follows. */
const PADDING_BYTES = 40;
const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** More than a transaction can load within its gas, unless somebody deployed thousands of the largest contracts for it. */
export const CODE_ROOM_BYTES = 64 * 1024 * 1024;

/** The next run begins with an empty store when less than this is free. */
const ROOM_KEPT_BYTES = 16 * 1024 * 1024;

export class CodeStore {
  readonly #memory: KernelMemory;
  readonly #from: number;
  readonly #compiledCodes: CompiledCodes | null;
  #free: number;
  #known = new Map<Hash32, LoadedCode>();

  constructor(memory: KernelMemory, from: number, compiledCodes: CompiledCodes | null) {
    this.#memory = memory;
    this.#compiledCodes = compiledCodes;
    this.#from = from;
    this.#free = from;
  }

  /** Between runs: makes room when it runs short. */
  tidy(): void {
    if (this.#from + CODE_ROOM_BYTES - this.#free > ROOM_KEPT_BYTES) return;
    this.#free = this.#from;
    this.#known = new Map();
  }

  load(hash: Hash32, code: Uint8Array): LoadedCode {
    let loaded = this.#known.get(hash);
    if (loaded === undefined) {
      loaded = this.#place(hash, code);
      this.#known.set(hash, loaded);
    }
    return loaded;
  }

  /** For code that runs once. @throws RangeError when the room is used up */
  place(code: Uint8Array): LoadedCode {
    return this.#place(null, code);
  }

  #place(hash: Hash32 | null, code: Uint8Array): LoadedCode {
    const linked = this.#compiledCodes?.link(hash, code) ?? null;
    const functionsFrom = (2 * (code.length + PADDING_BYTES) + 15) & ~15;
    const size = functionsFrom + (linked === null ? 0 : (linked.functions.byteLength + 15) & ~15);
    if (this.#free + size > this.#from + CODE_ROOM_BYTES) throw new RangeError("no room for more code in one run");
    const pointer = this.#free;
    const jumpTargets = pointer + code.length + PADDING_BYTES;
    this.#free += size;
    const { bytes } = this.#memory;
    bytes.fill(0, pointer, pointer + size);
    bytes.set(code, pointer);
    for (let at = 0; at < code.length; at++) {
      const opcode = code[at] as number;
      if (opcode === JUMPDEST) bytes[jumpTargets + at] = 1;
      else if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
    }
    const functions = pointer + functionsFrom;
    if (linked !== null) new Uint32Array(bytes.buffer, functions, linked.functions.length).set(linked.functions);
    const compiled = linked === null ? null : { runner: linked.runner, functions };
    return { pointer, length: code.length, jumpTargets, compiled };
  }
}
