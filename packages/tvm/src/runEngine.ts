import type { BlockContext } from "./blockContext.ts";
import { EngineDifferenceError } from "./checking/checkedEngine.ts";
import type { Engine, EngineCall, EngineOutcome } from "./engine.ts";
import type { StateView } from "./ports.ts";

/**
 * An engine broke: neither success nor a fault of the code it ran. It must never become a result, because another
 * engine would have another; the caller tries the next engine or refuses the block. The state is as before the call.
 */
export class EngineFaultError extends Error {
  override readonly name = "EngineFaultError";
  readonly engine: string;

  constructor(engine: string, cause: unknown) {
    super(`engine ${engine} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.engine = engine;
  }
}

/**
 * @throws EngineFaultError when the engine rejects or throws, or answers with gas it was not given
 * @throws EngineDifferenceError when it is checked by another engine, which has another answer
 */
export async function runEngine(
  engine: Engine,
  call: EngineCall,
  view: StateView,
  block: BlockContext,
): Promise<EngineOutcome> {
  let outcome: EngineOutcome;
  try {
    outcome = await engine.run(call, view, block);
  } catch (error) {
    if (error instanceof EngineDifferenceError) throw error;
    throw new EngineFaultError(engine.name, error);
  }
  if (outcome.kind !== "halt" && (outcome.gasLeft < 0n || outcome.gasLeft > call.gasLimit)) {
    throw new EngineFaultError(engine.name, `gas left ${outcome.gasLeft} of ${call.gasLimit}`);
  }
  return outcome;
}
