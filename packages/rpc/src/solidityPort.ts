import type { Result } from "@festina/primitives";

/** A contract that can be deployed, as a compiler leaves it. */
export interface CompiledContract {
  readonly contractName: string;
  readonly abi: readonly unknown[];
  /** Creation code, `0x` and hex digits. */
  readonly bytecode: string;
}

/** Makes contracts of Solidity, where whoever runs the node lets it. */
export interface SolidityCompiler {
  /** One source; its imports come from packages only. The message of a failure is the compiler's own. */
  compile(source: string): Promise<Result<readonly CompiledContract[], "SOLIDITY_INVALID" | "COMPILER_FAILED">>;
}
