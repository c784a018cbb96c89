/** Time as the network needs it: injected, so that a simulator can drive it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  nowMs(): number;
  /** Calls `onElapsed` once after `delayMs`, never before returning. */
  setTimer(delayMs: number, onElapsed: () => void): Timer;
}

export interface Timer {
  /** Harmless when the timer has elapsed. */
  cancel(): void;
}

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
