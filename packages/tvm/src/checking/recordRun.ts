import type { Hash32 } from "@festina/primitives";
import type { BlockContext } from "../blockContext.ts";
import type { Engine, EngineCall, EngineOutcome } from "../engine.ts";
import type { MaybeLate } from "../late.ts";
import type { StateView } from "../ports.ts";
import type { EngineCase } from "./engineCase.ts";
import { RecordingView } from "./recordingView.ts";

/** One run of an engine, with all that it meets written down. */
export interface RecordedRun {
  readonly record: RecordingView;
  run(): MaybeLate<EngineOutcome>;
  toCase(reason: string): EngineCase;
}

export function recordRun(engine: Engine, call: EngineCall, view: StateView, block: BlockContext): RecordedRun {
  const record = new RecordingView(view);
  const blockHashes = new Map<number, Hash32>();
  const getBlockHash = (number: number): Hash32 => {
    const hash = block.getBlockHash(number);
    blockHashes.set(number, hash);
    return hash;
  };
  return {
    record,
    run: () => engine.run(call, record, { ...block, getBlockHash }),
    toCase: (reason) => ({ reason, call, block, accounts: record.accounts, blockHashes }),
  };
}
