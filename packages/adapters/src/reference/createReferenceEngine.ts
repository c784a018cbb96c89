import type { HashFunction } from "@festina/crypto";
import { type Engine, type EngineOutcome, OSAKA, type RuleSet, rulesOf } from "@festina/tvm";
import type { ReferenceMachine } from "./referenceMachine.ts";

export interface ReferenceEngineOptions {
  readonly chainId: bigint;
  /** A fast Keccak-256 for the KECCAK256 instruction; the library's own when absent. */
  readonly keccak256?: HashFunction;
}

/** Machines kept for the next run. A run needs one for itself; more than this many at once are made and dropped. */
const IDLE_MACHINES_MAX = 4;

/**
 * The first engine behind the port: `@ethereumjs/evm` at Osaka rules. Oracle of the faster engines and their fallback.
 * The library is loaded at the first run, so that a node which never selects this engine does not pay for it; `prepare` loads it before.
 */
export function createReferenceEngine(options: ReferenceEngineOptions): Engine {
  return createEngine(async (rules) => (await import("./referenceMachine.ts")).createReferenceMachine(options, rules));
}

/** The same, with the library loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadReferenceEngine(options: ReferenceEngineOptions): Promise<Engine> {
  const { createReferenceMachine } = await import("./referenceMachine.ts");
  return createEngine((rules) => createReferenceMachine(options, rules));
}

function createEngine(createMachine: (rules: RuleSet) => Promise<ReferenceMachine>): Engine {
  const idle = new WeakMap<RuleSet, ReferenceMachine[]>();
  const obtain = async (rules: RuleSet): Promise<ReferenceMachine> => idle.get(rules)?.pop() ?? createMachine(rules);
  const keep = (rules: RuleSet, machine: ReferenceMachine): void => {
    const machines = idle.get(rules) ?? [];
    if (machines.length < IDLE_MACHINES_MAX) idle.set(rules, [...machines, machine]);
  };
  return {
    name: "reference",
    async run(call, view, block): Promise<EngineOutcome> {
      const rules = rulesOf(block);
      const machine = await obtain(rules);
      // A machine that failed may hold anything inside; it is not used again.
      const outcome = await machine.run(call, view, block);
      keep(rules, machine);
      return outcome;
    },
    prepare: async () => keep(OSAKA, await obtain(OSAKA)),
  };
}
