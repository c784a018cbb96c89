/**
 * Wait before dial number `attempt` (0 for the first again): doubling from `minMs`, never above `maxMs`, and between
 * half and all of that by `random` in [0, 1), so that nodes restarted together do not dial in step.
 */
export function computeBackoffMs(attempt: number, minMs: number, maxMs: number, random: number): number {
  const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 32));
  return Math.round(ceilingMs * (0.5 + 0.5 * random));
}
