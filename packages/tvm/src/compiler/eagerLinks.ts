// Every code is compiled before it runs for the first time, whatever it costs.
import { assert, type Hash32 } from "@festina/primitives";
import type { KernelExports } from "../interpreter/kernel.ts";
import type { CodeLinks } from "./codeLinks.ts";
import { NO_BOUNDS } from "./compileBounds.ts";
import { compileCode } from "./compileCode.ts";
import { type CompilerInput, compilerInputOf } from "./compilerInput.ts";
import { type LinkedCode, ModuleLinks } from "./moduleLinks.ts";

/** What is linked stays: a machine that has linked so much is not used again. */
const LINKED_MAX = 2_048;
/** More than any run has. */
const NEVER_HOT = 1n << 62n;

export class EagerLinks implements CodeLinks {
  readonly #links: ModuleLinks;
  readonly #input: CompilerInput;
  readonly #linked = new Map<Hash32, LinkedCode>();
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

  find(hash: Hash32 | null, code: Uint8Array): LinkedCode {
    const known = hash === null ? undefined : this.#linked.get(hash);
    if (known !== undefined) return known;
    const compiled = compileCode(code, this.#input, NO_BOUNDS);
    assert(compiled.ok, "nothing is refused without bounds");
    const { module, functions } = compiled.value;
    const linked = this.#links.link({ module: new WebAssembly.Module(module), functions });
    this.#count += 1;
    if (hash !== null) this.#linked.set(hash, linked);
    return linked;
  }

  beginRun(): readonly Hash32[] {
    return [];
  }

  noteHot(): boolean {
    return true;
  }

  noteGas(): void {}

  noteFault(): void {}
}
