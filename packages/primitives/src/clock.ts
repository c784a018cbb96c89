/** Time as everything below the adapters needs it: injected, so that a simulator can drive it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back, and is no date. */
  nowMs(): number;
  /** Calls `onElapsed` once after `delayMs`, never before returning. */
  setTimer(delayMs: number, onElapsed: () => void): Timer;
}

export interface Timer {
  /** Harmless when the timer has elapsed. */
  cancel(): void;
}

/** Calls `action` every `periodMs` from one period from now on, until the answer is cancelled. */
export function repeatEvery(clock: Clock, periodMs: number, action: () => void): Timer {
  let timer: Timer | null = null;
  const arm = (): void => {
    timer = clock.setTimer(periodMs, () => {
      arm();
      action();
    });
  };
  arm();
  return { cancel: () => timer?.cancel() };
}

/** Resolves after `delayMs` of this clock. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(delayMs, resolve));
}
