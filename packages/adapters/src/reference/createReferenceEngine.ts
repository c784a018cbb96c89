import type { HashFunction } from "@festina/crypto";
import type { Engine, EngineOutcome } from "@festina/tvm";
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
  return createEngine(async () => (await import("./referenceMachine.ts")).createReferenceMachine(options));
}

/** The same, with the library loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadReferenceEngine(options: ReferenceEngineOptions): Promise<Engine> {
  const { createReferenceMachine } = await import("./referenceMachine.ts");
  return createEngine(() => createReferenceMachine(options));
}

function createEngine(createMachine: () => Promise<ReferenceMachine>): Engine {
  const idle: ReferenceMachine[] = [];
  const obtain = async (): Promise<ReferenceMachine> => idle.pop() ?? createMachine();
  return {
    name: "reference",
    async run(call, view, block): Promise<EngineOutcome> {
      const machine = await obtain();
      // A machine that failed may hold anything inside; it is not used again.
      const outcome = await machine.run(call, view, block);
      if (idle.length < IDLE_MACHINES_MAX) idle.push(machine);
      return outcome;
    },
    prepare: async () => {
      const machine = await obtain();
      if (idle.length < IDLE_MACHINES_MAX) idle.push(machine);
    },
  };
}
