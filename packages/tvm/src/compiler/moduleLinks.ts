// Modules of compiled code, linked to one kernel: each has a place in the kernel's table while it is in use.
import type { KernelExports } from "../interpreter/kernel.ts";
import { COMPILED_ENTRY } from "./compileCode.ts";

export interface CompiledModule {
  readonly module: WebAssembly.Module;
  /** By place in the code: which function begins there. Goes to the kernel's memory beside the code. */
  readonly functions: Uint32Array;
}

export interface LinkedCode {
  /** Place in the kernel's table of the function that runs a frame from where it stands. */
  readonly runner: number;
  readonly functions: Uint32Array;
}

export class ModuleLinks {
  readonly #kernel: KernelExports;
  readonly #imports: Record<string, Record<string, unknown>>;
  readonly #free: number[] = [];

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#imports = { kernel: { ...kernel } };
  }

  link({ module, functions }: CompiledModule): LinkedCode {
    const { table } = this.#kernel;
    const entry = new WebAssembly.Instance(module, this.#imports).exports[COMPILED_ENTRY];
    const runner = this.#free.pop() ?? table.grow(1);
    table.set(runner, entry);
    return { runner, functions };
  }

  /** No frame may be running it. */
  release({ runner }: LinkedCode): void {
    this.#kernel.table.set(runner, null);
    this.#free.push(runner);
  }
}
