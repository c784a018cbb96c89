import type { EngineCase } from "./checking/engineCase.ts";
import { recordRun } from "./checking/recordRun.ts";
import type { Engine, EngineOutcome } from "./engine.ts";
import { isLate, type MaybeLate } from "./late.ts";
import { StateElsewhereError } from "./stateElsewhere.ts";

/** An engine broke on a call that the next one was given. */
export interface EngineFault {
  readonly engine: string;
  readonly cause: unknown;
  /** What it broke on, to be kept for whoever mends it. */
  readonly saved: EngineCase;
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
  type Run = Parameters<Engine["run"]>;
  const runFrom = (index: number, ...run: Run): MaybeLate<EngineOutcome> => {
    const engine = engines[index] as Engine;
    if (index + 1 === engines.length) return engine.run(...run);
    try {
      const answer = engine.run(...run);
      return isLate(answer) ? answer.catch((cause) => runAfter(index, cause, ...run)) : answer;
    } catch (cause) {
      return runAfter(index, cause, ...run);
    }
  };
  /** The engine at `index` broke. */
  const runAfter = async (index: number, cause: unknown, ...[call, view, block]: Run): Promise<EngineOutcome> => {
    // No fault of the engine, and no other one would get any further.
    if (cause instanceof StateElsewhereError) throw cause;
    const engine = engines[index] as Engine;
    const next = engines[index + 1] as Engine;
    // What the next one meets of the world is what the case needs.
    const again = recordRun({ ...next, run: (...input) => runFrom(index + 1, ...input) }, call, view, block);
    try {
      return await again.run();
    } finally {
      const saved = again.toCase(`${engine.name} broke: ${cause instanceof Error ? cause.message : String(cause)}`);
      onFault({ engine: engine.name, cause, saved });
    }
  };
  return {
    name: engines.map(({ name }) => name).join(","),
    // The others are there for what should not happen, and may take their time then.
    ...(first.prepare === undefined ? {} : { prepare: first.prepare }),
    ...(first.pace === undefined ? {} : { pace: first.pace }),
    ...(first.compilerStatus === undefined ? {} : { compilerStatus: first.compilerStatus }),
    run: (call, view, block) => runFrom(0, call, view, block),
  };
}
