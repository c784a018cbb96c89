import { fail, ok } from "@festina/primitives";
import type { SolidityCompiler } from "@festina/rpc";
import { CliError } from "../output/cliError.ts";

/** For those who come by the RPC. The compiler is looked for when first asked. */
export const solidityCompiler: SolidityCompiler = {
  async compile(source) {
    const { compileText } = await import("./compileFile.ts");
    try {
      const contracts = await compileText(source);
      return ok(contracts.map(({ name, abi, bytecode }) => ({ contractName: name, abi, bytecode })));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return fail(error.code === "SOLIDITY_INVALID" ? "SOLIDITY_INVALID" : "COMPILER_FAILED", error.message);
    }
  },
};
