// Every code is compiled before it runs for the first time, whatever it costs.
import { assert, bytesToHex, type Hash32, type Hex } from "@festina/primitives";
import type { KernelExports } from "../interpreter/kernel.ts";
import type { CodeLinks } from "./codeLinks.ts";
import { NO_BOUNDS } from "./compileBounds.ts";
import { compileCode } from "./compileCode.ts";
import { type CompilerInput, compilerInputOf } from "./compilerInput.ts";
import { type LinkedCode, ModuleLinks } from "./moduleLinks.ts";

/** What is linked stays: a machine that has linked so much is not used again. */
const LINKED_MAX = 2_048;
const INIT_CODE_KEPT_BYTES = 4_096;
/** More than any run has. */
const NEVER_HOT = 1n << 62n;

export class EagerLinks implements CodeLinks {
  readonly compilesInitCode = true;
  readonly #links: ModuleLinks;
  readonly #input: CompilerInput;
  readonly #linked = new Map<Hash32, LinkedCode>();
  /** By the code itself: nobody has hashed it, and the same often runs again. */
  readonly #linkedInitCodes = new Map<Hex, LinkedCode>();
  #count = 0;

  constructor(kernel: KernelExports) {
    this.#links = new ModuleLinks(kernel);
    this.#input = compilerInputOf(kernel);
  }

  get isFull(): boolean {
    return this.#count > LINKED_MAX;
  }

  heatOf(): bigint {
    return NEVER_HOT;
  }

  find(hash: Hash32 | null, readCode: () => Uint8Array): LinkedCode {
    if (hash !== null) return this.#remembered(this.#linked, hash, readCode);
    const code = readCode();
    return code.length > INIT_CODE_KEPT_BYTES
      ? this.#link(code)
      : this.#remembered(this.#linkedInitCodes, bytesToHex(code), readCode);
  }

  #remembered<Name>(linked: Map<Name, LinkedCode>, name: Name, readCode: () => Uint8Array): LinkedCode {
    const known = linked.get(name) ?? this.#link(readCode());
    linked.set(name, known);
    return known;
  }

  #link(code: Uint8Array): LinkedCode {
    const compiled = compileCode(code, this.#input, NO_BOUNDS);
    assert(compiled.ok, "nothing is refused without bounds");
    const { module, functions } = compiled.value;
    this.#count += 1;
    return this.#links.link({ module: new WebAssembly.Module(module), functions });
  }

  beginRun(): readonly Hash32[] {
    return [];
  }

  noteUse(): void {}

  noteHot(): boolean {
    return true;
  }

  noteGas(): void {}

  noteFault(): void {}
}
