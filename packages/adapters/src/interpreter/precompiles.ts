// The precompiled contracts by name; what runs them is a library that takes its time to load.
import type { Address } from "@festina/primitives";
import { PRECOMPILE_ADDRESSES, type Precompiles } from "@festina/tvm";

const ADDRESSES: ReadonlySet<Address> = new Set(PRECOMPILE_ADDRESSES);
const has = (address: Address): boolean => ADDRESSES.has(address);

async function load(): Promise<Precompiles["run"]> {
  return (await import("./precompileLibrary.ts")).loadPrecompileLibrary();
}

/** Loads the library when the first one is called: most nodes start, and most blocks run, without any. */
export function createLazyPrecompiles(): Precompiles {
  let loading: Promise<Precompiles["run"]> | null = null;
  return {
    has,
    run: async (address, input, gasLimit) => {
      loading ??= load();
      return (await loading)(address, input, gasLimit);
    },
  };
}

export async function loadPrecompiles(): Promise<Precompiles> {
  return { has, run: await load() };
}
