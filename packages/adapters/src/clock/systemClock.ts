import type { Clock } from "@festina/primitives";

/** The machine's own monotonic clock. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    setTimer: (delayMs, onElapsed) => {
      const handle = setTimeout(onElapsed, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
