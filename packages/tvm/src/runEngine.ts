import type { BlockContext } from "./blockContext.ts";
import { EngineDifferenceError } from "./checking/checkedEngine.ts";
import type { Engine, EngineCall, EngineOutcome } from "./engine.ts";
import { isLate, type MaybeLate } from "./late.ts";
import type { StateView } from "./ports.ts";
import { StateElsewhereError } from "./stateElsewhere.ts";

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
 * At once where the engine answers at once; failures are thrown, or reject what is waited for.
 *
 * @throws EngineFaultError when the engine rejects or throws, or answers with gas it was not given
 * @throws StateElsewhereError when the view does
 * @throws EngineDifferenceError when it is checked by another engine, which has another answer
 */
export function runEngine(
  engine: Engine,
  call: EngineCall,
  view: StateView,
  block: BlockContext,
): MaybeLate<EngineOutcome> {
  let answer: MaybeLate<EngineOutcome>;
  try {
    answer = engine.run(call, view, block);
  } catch (error) {
    throw faultOf(engine, error);
  }
  if (!isLate(answer)) return checkGas(engine, call, answer);
  return answer.then(
    (outcome) => checkGas(engine, call, outcome),
    (error) => {
      throw faultOf(engine, error);
    },
  );
}

function faultOf(engine: Engine, error: unknown): Error {
  return error instanceof EngineDifferenceError || error instanceof StateElsewhereError
    ? error
    : new EngineFaultError(engine.name, error);
}

function checkGas(engine: Engine, call: EngineCall, outcome: EngineOutcome): EngineOutcome {
  if (outcome.kind !== "halt" && (outcome.gasLeft < 0n || outcome.gasLeft > call.gasLimit)) {
    throw new EngineFaultError(engine.name, `gas left ${outcome.gasLeft} of ${call.gasLimit}`);
  }
  return outcome;
}
