// The reference engine's library, for its precompiled contracts only.
import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, getActivePrecompiles } from "@ethereumjs/evm";
import type { KZG } from "@ethereumjs/util";
import type { Address } from "@festina/primitives";
import type { PrecompileResult, Precompiles } from "@festina/tvm";
import { verifyPointEvaluation } from "../reference/pointEvaluation.ts";

/** Runs the contract at an address that has one. */
export async function loadPrecompileLibrary(): Promise<Precompiles["run"]> {
  const kzg = { verifyProof: verifyPointEvaluation } as Partial<KZG> as KZG;
  const common = createCustomCommon({ name: "festina" }, Mainnet, { hardfork: Hardfork.Osaka, customCrypto: { kzg } });
  const evm = await createEVM({ common });
  const active = getActivePrecompiles(common);
  return async (address: Address, data: Uint8Array, gasLimit: bigint): Promise<PrecompileResult> => {
    const run = active.get(address.slice(2));
    if (run === undefined) throw new RangeError(`there is no precompile at ${address}`);
    const { exceptionError, executionGasUsed, returnValue } = await run({ data, gasLimit, common, _EVM: evm });
    return exceptionError === undefined ? { gasUsed: executionGasUsed, output: returnValue } : null;
  };
}
