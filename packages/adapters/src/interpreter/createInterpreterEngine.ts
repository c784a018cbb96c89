import {
  COMPILED_ENTRY,
  createInterpreter,
  type Engine,
  type KernelExports,
  type MachineOptions,
  type Precompiles,
} from "@festina/tvm";
import { evmWasm } from "../generated/evmKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import { createLazyPrecompiles, loadPrecompiles } from "./precompiles.ts";

const createWith = (precompiles: Precompiles, options?: MachineOptions): Engine =>
  createInterpreter(
    (host) => loadKernel(evmWasm, { host: { ...host } }) as unknown as KernelExports,
    precompiles,
    options,
  );

function linkModule(module: Uint8Array, kernel: KernelExports): number {
  const imports = { kernel: { ...kernel } as Record<string, unknown> };
  const compiled = new WebAssembly.Module(module as Uint8Array<ArrayBuffer>);
  const { table } = kernel as unknown as { readonly table: WebAssembly.Table };
  const place = table.grow(1);
  table.set(place, new WebAssembly.Instance(compiled, imports).exports[COMPILED_ENTRY]);
  return place;
}

/** The interpreter with its kernel. */
export function createInterpreterEngine(): Engine {
  return createWith(createLazyPrecompiles());
}

/** The same, with everything loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadInterpreterEngine(): Promise<Engine> {
  return createWith(await loadPrecompiles());
}

/** Every code is compiled before it runs. */
export function createCompilerEngine(): Engine {
  return createWith(createLazyPrecompiles(), { linkModule });
}
