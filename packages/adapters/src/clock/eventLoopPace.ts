import { performance } from "node:perf_hooks";
import type { Pace } from "@festina/tvm";

/**
 * A few milliseconds of the slowest code there is, full-width MULMOD in a row (20 to 65 ns per gas). A pause that is no
 * rest costs less than a microsecond.
 */
const SLICE_GAS = 50_000n;

export interface EventLoopPaceOptions {
  /** How long execution may keep the thread; votes wait for no longer than this and a slice. */
  readonly turnMs?: number;
  readonly nowMs?: () => number;
  /** How often the event loop has turned. */
  readonly turns?: () => number;
}

const TURN_MS = 4;

/**
 * Execution lets the event loop turn every few milliseconds, so that no contract can delay what else the thread does:
 * votes, timers, sockets. What is done sooner than that never waits.
 */
export function createEventLoopPace({
  turnMs = TURN_MS,
  nowMs = () => performance.now(),
  turns = () => performance.nodeTiming.uvMetricsInfo.loopCount,
}: EventLoopPaceOptions = {}): Pace {
  let turn = -1;
  let beganMs = 0;
  return {
    sliceGas: SLICE_GAS,
    rest: () => {
      if (turns() !== turn) {
        turn = turns();
        beganMs = nowMs();
      }
      return nowMs() - beganMs < turnMs ? null : new Promise((resolve) => setImmediate(resolve));
    },
  };
}
