// The precompiled contracts by name; what runs them is a library that takes its time to load.
import type { Precompiles } from "@festina/tvm";

async function load(): Promise<Precompiles["run"]> {
  return (await import("./precompileLibrary.ts")).loadPrecompileLibrary();
}

/** Loads the library when the first one is called: most nodes start, and most blocks run, without any. */
export function createLazyPrecompiles(): Precompiles {
  let loading: Promise<Precompiles["run"]> | null = null;
  return {
    run: async (address, input, gasLimit, rules) => {
      loading ??= load();
      return (await loading)(address, input, gasLimit, rules);
    },
  };
}

export async function loadPrecompiles(): Promise<Precompiles> {
  return { run: await load() };
}
