// The precompiled contracts of all rule sets: prices here, computations in pieces that a pace may separate.
import type { Address } from "@festina/primitives";
import type { Pace, PrecompileResult, Precompiles, RuleSet } from "@festina/tvm";
import { createSecp256k1 } from "../secp256k1/secp256k1.ts";
import { AT } from "./addresses.ts";
import { createBlake2f } from "./blake2f.ts";
import { type Compute, runComputation } from "./computation.ts";
import { createEcrecover } from "./ecrecover.ts";
import { ripemd160, sha256 } from "./hashes.ts";
import { modexpAtOsaka, modexpAtPrague } from "./modexp.ts";
import { PRICES } from "./prices.ts";

type Contracts = ReadonlyMap<Address, Compute>;

/** Those that need no library of curves. */
function createPlainContracts(): Readonly<Record<RuleSet["name"], Contracts>> {
  const common: readonly (readonly [Address, Compute])[] = [
    [AT.ecrecover, createEcrecover(createSecp256k1().recoverPublicKey)],
    [AT.sha256, sha256],
    [AT.ripemd160, ripemd160],
    [AT.identity, (input) => input],
    [AT.blake2f, createBlake2f()],
  ];
  return {
    prague: new Map([...common, [AT.modexp, modexpAtPrague]]),
    osaka: new Map([...common, [AT.modexp, modexpAtOsaka]]),
  };
}

async function loadCurves(): Promise<Contracts> {
  return (await import("./curves/curveContracts.ts")).createCurveContracts();
}

/** Curves are loaded when the first contract on one is called: most nodes start, and most blocks run, without any. */
export function createLazyPrecompiles(pace?: Pace): Precompiles {
  return createPrecompiles(pace ?? null, null);
}

/** The same, with the curves loaded: whatever is called is answered at once. */
export async function loadPrecompiles(): Promise<Precompiles> {
  return createPrecompiles(null, await loadCurves());
}

function createPrecompiles(pace: Pace | null, loaded: Contracts | null): Precompiles {
  const plain = createPlainContracts();
  let curves = loaded;
  let loading: Promise<Contracts> | null = null;

  const run = (compute: Compute, input: Uint8Array, gasUsed: bigint): ReturnType<Precompiles["run"]> => {
    const computed = compute(input);
    const output = computed !== null && "next" in computed ? runComputation(computed, pace) : computed;
    return output !== null && "then" in output
      ? output.then((late) => resultOf(late, gasUsed))
      : resultOf(output, gasUsed);
  };
  const runOnCurve = (contracts: Contracts, address: Address, input: Uint8Array, gasUsed: bigint) => {
    const compute = contracts.get(address);
    if (compute === undefined) throw new RangeError(`nothing computes ${address}`);
    return run(compute, input, gasUsed);
  };

  return {
    run: (address, input, gasLimit, rules) => {
      const price = PRICES[rules].get(address);
      if (price === undefined) throw new RangeError(`there is no precompile at ${address}`);
      const gasUsed = price(input);
      if (gasUsed > gasLimit) return null;
      const compute = plain[rules].get(address);
      if (compute !== undefined) return run(compute, input, gasUsed);
      if (curves !== null) return runOnCurve(curves, address, input, gasUsed);
      loading ??= loadCurves();
      return loading.then((contracts) => {
        curves = contracts;
        return runOnCurve(contracts, address, input, gasUsed);
      });
    },
  };
}

const resultOf = (output: Uint8Array | null, gasUsed: bigint): PrecompileResult =>
  output === null ? null : { gasUsed, output };
