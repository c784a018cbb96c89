import type { Engine } from "../engine.ts";
import type { InstantiateKernel } from "../interpreter/kernel.ts";
import { Machine } from "../interpreter/machine.ts";
import type { Precompiles } from "../interpreter/precompilePort.ts";
import type { Pace } from "../pace.ts";
import { type RuleSet, rulesOf } from "../ruleSet.ts";
import type { ExecutionTracer } from "./tracer.ts";

/** The interpreter with a kernel that tells about every instruction. Its results are those of all engines. */
export interface TracingEngine {
  /** An engine whose runs the tracer hears of, one after the other. */
  on(tracer: ExecutionTracer): Engine;
}

/** `instantiate` makes the build of the kernel that traces. */
export function createTracingEngine(
  instantiate: InstantiateKernel,
  precompiles: Precompiles,
  pace?: Pace,
): TracingEngine {
  const options = { isTracing: true, ...(pace !== undefined && { pace }) };
  // One machine of each rule set is kept: it takes much memory, and traces are rare.
  const idle = new WeakMap<RuleSet, Machine>();
  return {
    on: (tracer) => ({
      name: "tracing interpreter",
      async run(call, view, block) {
        const rules = rulesOf(block);
        const machine = idle.get(rules) ?? new Machine(instantiate, precompiles, rules, options);
        idle.delete(rules);
        const outcome = await machine.run(call, view, block, tracer);
        idle.set(rules, machine);
        return outcome;
      },
    }),
  };
}
