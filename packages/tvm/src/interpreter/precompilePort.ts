import type { Address } from "@festina/primitives";
import type { MaybeLate } from "../late.ts";
import type { RuleSet } from "../ruleSet.ts";

/** `null`: the input is bad, or the gas does not do; all of it is gone. */
export type PrecompileResult = { readonly gasUsed: bigint; readonly output: Uint8Array } | null;

/** Contracts that are not bytecode: curves, hashes and the like, from libraries. */
export interface Precompiles {
  /** The rule set has one at this address. May resolve at once. */
  run(address: Address, input: Uint8Array, gasLimit: bigint, rules: RuleSet["name"]): MaybeLate<PrecompileResult>;
}
