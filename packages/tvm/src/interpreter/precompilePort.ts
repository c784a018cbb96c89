import type { Address } from "@festina/primitives";

/** `null`: the input is bad, or the gas does not do; all of it is gone. */
export type PrecompileResult = { readonly gasUsed: bigint; readonly output: Uint8Array } | null;

/** Contracts that are not bytecode: curves, hashes and the like, from libraries. */
export interface Precompiles {
  has(address: Address): boolean;
  /** `has` said yes. May resolve at once. */
  run(address: Address, input: Uint8Array, gasLimit: bigint): PrecompileResult | Promise<PrecompileResult>;
}
