import type { Engine, EngineOutcome } from "../engine.ts";
import { isLate, type MaybeLate } from "../late.ts";
import { OSAKA, type RuleSet, rulesOf } from "../ruleSet.ts";
import { StateElsewhereError } from "../stateElsewhere.ts";
import type { InstantiateKernel } from "./kernel.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import type { Precompiles } from "./precompilePort.ts";

/** Machines kept for the next run. A run needs one for itself; more than this many at once are made and dropped. */
const IDLE_MACHINES_MAX = 2;

export interface InterpreterOptions extends MachineOptions {
  readonly name?: string;
}

/** Our own engine: bytecode runs in a WebAssembly kernel, interpreted or compiled, at the rules that its block names. */
export function createInterpreter(
  instantiate: InstantiateKernel,
  precompiles: Precompiles,
  options: InterpreterOptions = {},
): Engine {
  // Rules that were made for a call go with it, and their machines with them.
  const idle = new WeakMap<RuleSet, Machine[]>();
  const obtain = (rules: RuleSet): Machine =>
    idle.get(rules)?.pop() ?? new Machine(instantiate, precompiles, rules, options);
  const keep = (rules: RuleSet, machine: Machine): void => {
    if (machine.isWornOut) return;
    const machines = idle.get(rules);
    if (machines === undefined) idle.set(rules, [machine]);
    else if (machines.length < IDLE_MACHINES_MAX) machines.push(machine);
  };
  return {
    name: options.name ?? "interpreter",
    ...(options.pace === undefined ? {} : { pace: options.pace }),
    run(call, view, block): MaybeLate<EngineOutcome> {
      const rules = rulesOf(block);
      const machine = obtain(rules);
      // A machine that failed may hold anything inside; it is not used again, unless it was only the view that could not answer.
      const failed = (error: unknown): never => {
        if (error instanceof StateElsewhereError) keep(rules, machine);
        throw error;
      };
      let answer: MaybeLate<EngineOutcome>;
      try {
        answer = machine.run(call, view, block);
      } catch (error) {
        return failed(error);
      }
      if (isLate(answer)) {
        return answer.then((outcome) => {
          keep(rules, machine);
          return outcome;
        }, failed);
      }
      keep(rules, machine);
      return answer;
    },
    prepare: async () => keep(OSAKA, obtain(OSAKA)),
  };
}
