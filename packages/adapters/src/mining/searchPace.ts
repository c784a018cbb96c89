import type { NonceSearch } from "./nonceSearch.ts";

/** How a searching thread divides its time, so that a small share of a core stays a small share. */
export interface SearchPace {
  readonly batchMs: number;
  /** The share of a core that this thread may take, 0 < share <= 1. */
  readonly cpuShare: number;
}

/** New work is picked up between batches, so this bounds how long stale work goes on. */
const BATCH_MS_MAX = 20;
const BATCH_MS_MIN = 1;
const CYCLE_MS = 50;

/** @throws RangeError when the share is not in (0, 1] */
export function createSearchPace(cpuShare: number): SearchPace {
  if (!(cpuShare > 0 && cpuShare <= 1)) throw new RangeError(`a CPU share lies above 0 and up to 1, not ${cpuShare}`);
  return { cpuShare, batchMs: Math.min(BATCH_MS_MAX, Math.max(BATCH_MS_MIN, CYCLE_MS * cpuShare)) };
}

export interface BatchOutcome {
  /** At most one per batch, so that tiny difficulties cannot flood the receiver. */
  readonly found: bigint | null;
  /** To rest before the next batch. */
  readonly restMs: number;
}

/** Searches for one batch of the pace. `clockMs` is monotonic, fractions welcome. */
export function runBatch(search: NonceSearch, pace: SearchPace, clockMs: () => number): BatchOutcome {
  const startedMs = clockMs();
  let found: bigint | null = null;
  let spentMs = 0;
  while (found === null && spentMs < pace.batchMs) {
    found = search.run(search.noncesPerLook);
    spentMs = clockMs() - startedMs;
  }
  return { found, restMs: (spentMs * (1 - pace.cpuShare)) / pace.cpuShare };
}

/** A thread that woke up late, as timers and busy machines have it, makes up for at most this much of it. */
const SURPLUS_MS_MAX = 200;

/** Keeps count of how much longer than asked a thread has rested, so that its share comes out right on the whole. */
export class RestBook {
  #surplusMs = 0;
  #begunMs: number | null = null;
  #plannedMs = 0;

  /** Before a rest: how long it is to be. */
  begin(restMs: number, nowMs: number): number {
    const savedMs = Math.min(restMs, this.#surplusMs);
    this.#surplusMs -= savedMs;
    this.#plannedMs = restMs - savedMs;
    this.#begunMs = nowMs;
    return this.#plannedMs;
  }

  /** After it. */
  end(nowMs: number): void {
    if (this.#begunMs === null) return;
    const lateMs = Math.max(0, nowMs - this.#begunMs - this.#plannedMs);
    this.#surplusMs = Math.min(SURPLUS_MS_MAX, this.#surplusMs + lateMs);
    this.#begunMs = null;
  }

  /** Nothing was to be done: that is no rest. */
  forget(): void {
    this.#begunMs = null;
    this.#surplusMs = 0;
  }
}
