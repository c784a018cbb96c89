// Runs frames until the run has ended, or the host has to run a precompiled contract. Frames are not nested here either:
// a call ends the loop or the function that runs its caller, and the caller goes on from what its frame says.
import { traceExit } from "../host";
import * as at from "../layout";
import { run } from "../run";
import { beginSlice, isSliceUsed, useSlice } from "../slice";
import { accountAt } from "../state/accounts";
import { IS_TRACING } from "../tracing";
import { askForCall, askForCreation, OUT_OF_GAS } from "./ask";
import { endPrecompile, enterCall, enterCreation, HAS_BEGUN, WAITS } from "./enter";
import * as frames from "./frames";
import { noteGas } from "./heat";
import * as request from "./request";
import { REQUEST } from "./request";
import { selfDestruct } from "./selfDestruct";

/** The requested call or creation has ended without a frame: whoever asked is told. */
function tellRequester(): void {
  frames.tell(
    load<u32>(REQUEST, request.REQUEST_RESULT),
    load<u32>(REQUEST, request.REQUEST_WANTED),
    load<u32>(REQUEST, request.REQUEST_WANTED_LENGTH),
    load<u32>(REQUEST, request.REQUEST_IS_CREATION) !== 0 ? REQUEST + request.REQUEST_ADDRESS : 0,
  );
}

/** Begins the run's first call or creation, which the host has requested. @returns RUN_ENDED, RUN_WAITS or RUN_PAUSED */
export function begin(context: usize): i32 {
  beginSlice();
  const account = accountAt(REQUEST + request.REQUEST_ADDRESS);
  const entered = load<u32>(REQUEST, request.REQUEST_IS_CREATION) ? enterCreation(account) : enterCall(account);
  if (entered === WAITS) return at.RUN_WAITS;
  if (entered === HAS_BEGUN) return goOn(context);
  if (IS_TRACING) traceExit(0);
  return at.RUN_ENDED;
}

/** After a precompiled contract. */
export function resume(isDone: bool, gasUsed: i64, output: usize, length: u32, context: usize): i32 {
  endPrecompile(isDone, gasUsed, output, length);
  useSlice(gasUsed);
  if (IS_TRACING) traceExit(0);
  if (frames.newestDepth() < 0) return at.RUN_ENDED;
  tellRequester();
  return goOn(context);
}

/** After a pause. */
export function goOnAfterPause(context: usize): i32 {
  beginSlice();
  return goOn(context);
}

function goOn(context: usize): i32 {
  while (true) {
    const frame = frames.newest();
    const runner = load<u32>(frame, at.FRAME_RUNNER);
    const gas = load<i64>(frame, at.FRAME_GAS);
    if (isSliceUsed(gas)) return at.RUN_PAUSED;
    const status = runner === 0 ? run(frame, context) : call_indirect<i32>(runner, frame);
    useSlice(noteGas(frame, runner !== 0, gas));
    if (status === at.STATUS_PAUSED) return at.RUN_PAUSED;
    if (status === at.STATUS_CALL || status === at.STATUS_CREATE) {
      const entered = status === at.STATUS_CALL ? askForCall(frame) : askForCreation(frame);
      if (entered === HAS_BEGUN) continue;
      if (entered === WAITS) return at.RUN_WAITS;
      if (entered !== OUT_OF_GAS) {
        if (IS_TRACING) traceExit(0);
        tellRequester();
        continue;
      }
      frames.leave(at.STATUS_OUT_OF_GAS);
    } else if (status === at.STATUS_SELF_DESTRUCT) frames.leave(selfDestruct(frame));
    else frames.leave(status);
    if (frames.newestDepth() < 0) return at.RUN_ENDED;
  }
}
