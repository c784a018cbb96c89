import {
  createCompilerEngine,
  createInterpreterEngine,
  createKeccakKernel,
  createReferenceEngine,
} from "@festina/adapters";
import { createEngineChain, type Engine, type EngineFault, type Pace } from "@festina/tvm";

export const ENGINES = ["reference", "interpreter", "compiler"] as const;
export type EngineName = (typeof ENGINES)[number];

/** Runs pause between most jumps and calls, as those of nodes do now and then. */
const PACE: Pace = { sliceGas: 500n, rest: () => null };

/** With those after it, which run what it breaks on. The compiler compiles everything before it first runs. */
export function createConformanceEngine(name: EngineName, onFault: (fault: EngineFault) => void): Engine {
  const reference = createReferenceEngine({ chainId: 1n, keccak256: createKeccakKernel() });
  if (name === "reference") return reference;
  const rest = name === "compiler" ? [createInterpreterEngine(), reference] : [reference];
  return createEngineChain(
    name === "compiler" ? createCompilerEngine(PACE) : createInterpreterEngine(PACE),
    rest,
    onFault,
  );
}
