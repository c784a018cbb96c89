import {
  type CompilePort,
  compilerInputOf,
  createCompiler,
  createInterpreter,
  createTiered,
  createTracingEngine,
  type Engine,
  type HotCodeLimits,
  type InstantiateKernel,
  type KernelExports,
  type Pace,
  type TracingEngine,
} from "@festina/tvm";
import { createCompileThread } from "../compiler/compileThread.ts";
import { evmWasm } from "../generated/evmKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import { createLazyPrecompiles, loadPrecompiles } from "../precompiles/precompiles.ts";

const instantiate: InstantiateKernel = (host) => loadKernel(evmWasm, { host: { ...host } }) as unknown as KernelExports;

/** The interpreter with its kernel. */
export function createInterpreterEngine(pace?: Pace): Engine {
  return createInterpreter(instantiate, createLazyPrecompiles(pace), pace === undefined ? {} : { pace });
}

/** The same, with everything loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadInterpreterEngine(): Promise<Engine> {
  return createInterpreter(instantiate, await loadPrecompiles());
}

/** Loads the kernel that traces when it is first asked for: most nodes never are. */
export async function loadTracingEngine(pace?: Pace): Promise<TracingEngine> {
  const { evmTracedWasm } = await import("../generated/evmTracedKernel.ts");
  return createTracingEngine(
    (host) => loadKernel(evmTracedWasm, { host: { ...host } }) as unknown as KernelExports,
    createLazyPrecompiles(pace),
    pace,
  );
}

/** The same engine to all who ask, made for the first: a machine that traces is large, and takes long to make. */
export function createTracingLoader(pace?: Pace): () => Promise<TracingEngine> {
  let loading: Promise<TracingEngine> | null = null;
  return () => {
    loading ??= loadTracingEngine(pace);
    return loading;
  };
}

/** Every code is compiled before it runs, and the run waits for it: for tests and replays. */
export function createCompilerEngine(pace?: Pace): Engine {
  return createCompiler(instantiate, createLazyPrecompiles(pace), pace);
}

export interface TieredEngineOptions {
  /** Compiles; a thread of its own when absent. */
  readonly port?: CompilePort;
  readonly limits?: HotCodeLimits;
  readonly pace?: Pace;
}

/** Hot code is compiled in a thread of its own, everything else interpreted. */
export function createTieredEngine({ port, ...options }: TieredEngineOptions = {}): Engine {
  return createTiered(instantiate, createLazyPrecompiles(options.pace), port ?? createLazyThread(), options);
}

/** The thread has to know the kernel, which no node needs before its first hot code. */
function createLazyThread(): CompilePort {
  let thread: CompilePort | null = null;
  return {
    compile: (code, answer) => {
      thread ??= createCompileThread({ input: kernelInput() });
      thread.compile(code, answer);
    },
  };
}

/** Of a kernel without a host: nothing runs on it. */
export function kernelInput(): ReturnType<typeof compilerInputOf> {
  const nobody = (): number => 0;
  return compilerInputOf(
    instantiate({
      loadAccount: nobody,
      loadCode: nobody,
      loadSlot: nobody,
      hasStorage: nobody,
      placeInitCode: nobody,
      placeCode: nobody,
      blockHashOf: nobody,
    }),
  );
}
