import type { Engine, EngineCall, EngineOutcome } from "./engine.ts";

/** An engine broke on a call that the next one ran. */
export interface EngineFault {
  readonly engine: string;
  readonly cause: unknown;
  /** What it broke on, to be kept for whoever mends it. */
  readonly call: EngineCall;
}

/**
 * Runs on the first engine that can: a failure of an engine is never a result, because tiers could then disagree. The
 * view is as before when an engine fails, so the next one begins where it did. @throws what the last one threw
 */
export function createEngineChain(
  first: Engine,
  rest: readonly Engine[],
  onFault: (fault: EngineFault) => void,
): Engine {
  const engines = [first, ...rest];
  return {
    name: engines.map(({ name }) => name).join(","),
    // The others are there for what should not happen, and may take their time then.
    ...(first.prepare === undefined ? {} : { prepare: first.prepare }),
    ...(first.compilerStatus === undefined ? {} : { compilerStatus: first.compilerStatus }),
    async run(call, view, block): Promise<EngineOutcome> {
      for (const engine of engines.slice(0, -1)) {
        try {
          return await engine.run(call, view, block);
        } catch (cause) {
          onFault({ engine: engine.name, cause, call });
        }
      }
      return (engines.at(-1) as Engine).run(call, view, block);
    },
  };
}
