import type { Engine, EngineOutcome } from "../engine.ts";
import type { InstantiateKernel } from "./kernel.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import type { Precompiles } from "./precompilePort.ts";

/** Machines kept for the next run. A run needs one for itself; more than this many at once are made and dropped. */
const IDLE_MACHINES_MAX = 2;

export interface InterpreterOptions extends MachineOptions {
  readonly name?: string;
}

/** Our own engine: bytecode runs in a WebAssembly kernel, interpreted or compiled. Osaka rules. */
export function createInterpreter(
  instantiate: InstantiateKernel,
  precompiles: Precompiles,
  options: InterpreterOptions = {},
): Engine {
  const idle: Machine[] = [];
  return {
    name: options.name ?? "interpreter",
    async run(call, view, block): Promise<EngineOutcome> {
      const machine = idle.pop() ?? new Machine(instantiate, precompiles, options);
      // A machine that failed may hold anything inside; it is not used again.
      const outcome = await machine.run(call, view, block);
      if (idle.length < IDLE_MACHINES_MAX && !machine.isWornOut) idle.push(machine);
      return outcome;
    },
    prepare: async () => {
      if (idle.length === 0) idle.push(new Machine(instantiate, precompiles, options));
    },
  };
}
