// Code in the kernel's memory: each once, with the places where jumps may land beside it.
import type { Hash32 } from "@festina/primitives";
import type { CodeLinks } from "../compiler/codeLinks.ts";
import { HEAT_BYTES, type KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./kernelMemory.ts";

export interface LoadedCode {
  readonly pointer: number;
  readonly length: number;
  readonly jumpTargets: number;
  /** For code that has been compiled; it may come to that after it was loaded, or lose it again, between two runs. */
  compiled: { readonly runner: number; readonly functions: number } | null;
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

/** Code that nobody counts. */
const NEVER_HOT = 1n << 62n;
const ALIGNMENT = 16;
const aligned = (size: number): number => (size + ALIGNMENT - 1) & -ALIGNMENT;

export class CodeStore {
  readonly #kernel: Pick<KernelExports, "forgetSegments">;
  readonly #memory: KernelMemory;
  readonly #from: number;
  readonly #links: CodeLinks | null;
  #free: number;
  #known = new Map<Hash32, LoadedCode>();
  #hashes = new Map<number, Hash32>();

  constructor(
    kernel: Pick<KernelExports, "forgetSegments">,
    memory: KernelMemory,
    from: number,
    links: CodeLinks | null,
  ) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#links = links;
    this.#from = from;
    this.#free = from;
  }

  /** Between runs: makes room when it runs short, and forgets what is compiled no more. */
  tidy(): void {
    for (const hash of this.#links?.beginRun() ?? []) this.#forgetCompiled(hash);
    if (this.#from + CODE_ROOM_BYTES - this.#free > ROOM_KEPT_BYTES) return;
    this.#kernel.forgetSegments();
    this.#free = this.#from;
    this.#known = new Map();
    this.#hashes = new Map();
  }

  /** `readCode` is asked where the code is not here yet: that costs more than all else about loading it. */
  load(hash: Hash32, readCode: () => Uint8Array): LoadedCode {
    let loaded = this.#known.get(hash);
    if (loaded === undefined) {
      loaded = this.#place(readCode());
      this.#known.set(hash, loaded);
      this.#hashes.set(loaded.pointer, hash);
      this.#setHeat(loaded);
    }
    if (loaded.compiled === null) loaded.compiled = this.#link(hash, readCode);
    else this.#links?.noteUse(hash);
    return loaded;
  }

  /** For code that runs once. @throws RangeError when the room is used up */
  place(code: Uint8Array): LoadedCode {
    const loaded = this.#place(code);
    loaded.compiled = this.#link(null, () => code);
    return loaded;
  }

  /** After a run: the kernel says that code at these addresses is hot. */
  noteHot(pointers: readonly number[]): void {
    for (const pointer of pointers) {
      const hash = this.#hashes.get(pointer);
      const loaded = hash === undefined ? undefined : this.#known.get(hash);
      if (hash === undefined || loaded === undefined) continue;
      if (this.#links?.noteHot(hash, this.#memory.read(pointer, loaded.length)) === false) this.#setHeat(loaded);
    }
  }

  #setHeat({ pointer, length }: LoadedCode): void {
    this.#memory.setU64(pointer - HEAT_BYTES, this.#links?.heatOf(length) ?? NEVER_HOT);
  }

  #forgetCompiled(hash: Hash32): void {
    const loaded = this.#known.get(hash);
    if (loaded === undefined) return;
    loaded.compiled = null;
    this.#setHeat(loaded);
  }

  #link(hash: Hash32 | null, readCode: () => Uint8Array): LoadedCode["compiled"] {
    const linked = this.#links?.find(hash, readCode) ?? null;
    if (linked === null) return null;
    const functions = this.#reserve(linked.functions.byteLength);
    new Uint32Array(this.#memory.bytes.buffer, functions, linked.functions.length).set(linked.functions);
    return { runner: linked.runner, functions };
  }

  #reserve(size: number): number {
    const place = this.#free;
    if (place + size > this.#from + CODE_ROOM_BYTES) throw new RangeError("no room for more code in one run");
    this.#free += aligned(size);
    return place;
  }

  #place(code: Uint8Array): LoadedCode {
    const size = aligned(HEAT_BYTES) + 2 * (code.length + PADDING_BYTES);
    const place = this.#reserve(size);
    const pointer = place + aligned(HEAT_BYTES);
    const jumpTargets = pointer + code.length + PADDING_BYTES;
    const { bytes } = this.#memory;
    bytes.fill(0, place, place + size);
    bytes.set(code, pointer);
    for (let at = 0; at < code.length; at++) {
      const opcode = code[at] as number;
      if (opcode === JUMPDEST) bytes[jumpTargets + at] = 1;
      else if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
    }
    this.#memory.setU64(pointer - HEAT_BYTES, NEVER_HOT);
    return { pointer, length: code.length, jumpTargets, compiled: null };
  }
}
