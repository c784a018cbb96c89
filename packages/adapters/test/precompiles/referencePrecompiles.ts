// The reference engine's precompiled contracts, by a library of its own: the oracle of ours.
import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, getActivePrecompiles } from "@ethereumjs/evm";
import type { KZG } from "@ethereumjs/util";
import type { Address } from "@festina/primitives";
import type { PrecompileResult, Precompiles } from "@festina/tvm";
import { verifyPointEvaluation } from "../../src/reference/pointEvaluation.ts";

interface Library {
  readonly common: ReturnType<typeof createCustomCommon>;
  readonly evm: Awaited<ReturnType<typeof createEVM>>;
  readonly active: ReturnType<typeof getActivePrecompiles>;
}

/** Runs the contract at an address that has one. */
export async function loadReferencePrecompiles(): Promise<Precompiles["run"]> {
  const libraries = { osaka: await createLibrary(Hardfork.Osaka), prague: await createLibrary(Hardfork.Prague) };
  return async (address: Address, data, gasLimit, rules): Promise<PrecompileResult> => {
    const { common, evm, active } = libraries[rules];
    const run = active.get(address.slice(2));
    if (run === undefined) throw new RangeError(`there is no precompile at ${address}`);
    const { exceptionError, executionGasUsed, returnValue } = await run({ data, gasLimit, common, _EVM: evm });
    return exceptionError === undefined ? { gasUsed: executionGasUsed, output: returnValue } : null;
  };
}

async function createLibrary(hardfork: Hardfork): Promise<Library> {
  const kzg = { verifyProof: verifyPointEvaluation } as Partial<KZG> as KZG;
  const common = createCustomCommon({ name: "festina" }, Mainnet, { hardfork, customCrypto: { kzg } });
  return { common, evm: await createEVM({ common }), active: getActivePrecompiles(common) };
}
