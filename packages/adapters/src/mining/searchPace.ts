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
