import { createInterpreter, type Engine, type KernelExports, type Precompiles } from "@festina/tvm";
import { evmWasm } from "../generated/evmKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import { createLazyPrecompiles, loadPrecompiles } from "./precompiles.ts";

const createWith = (precompiles: Precompiles): Engine =>
  createInterpreter((host) => loadKernel(evmWasm, { host: { ...host } }) as unknown as KernelExports, precompiles);

/** The interpreter with its kernel. */
export function createInterpreterEngine(): Engine {
  return createWith(createLazyPrecompiles());
}

/** The same, with everything loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadInterpreterEngine(): Promise<Engine> {
  return createWith(await loadPrecompiles());
}
