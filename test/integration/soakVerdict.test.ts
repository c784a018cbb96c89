import { describe, expect, it } from "@jest/globals";
import { heapOf } from "../../scripts/campaigns/soak/judgeSoak.mjs";

const MINUTE_MS = 60_000;
const MIB = 2 ** 20;

/** A sample every ten seconds; what is left after a collection, and up to 40 MiB that the next one takes. */
function samples(
  minutes: readonly [from: number, to: number],
  startSeconds: number,
  leftMib: (minute: number) => number,
) {
  const [from, to] = minutes;
  return Array.from({ length: (to - from) * 6 }, (_, index) => {
    const minute = from + index / 6;
    return { atMs: minute * MINUTE_MS, startSeconds, heapBytes: (leftMib(minute) + ((index * 7) % 40)) * MIB };
  });
}

/** Caches that fill for twenty minutes from their process's start on. */
const warming = (began: number) => (minute: number) => 20 + 50 * Math.min(1, (minute - began) / 20);

describe("the heap of an hour", () => {
  it("may grow while caches fill, in each process anew", () => {
    expect(Math.abs(heapOf(samples([0, 60], 1, warming(0))).growthMib)).toBeLessThanOrEqual(2);
    const resumed = [...samples([0, 10], 1, warming(0)), ...samples([10, 60], 2, warming(10))];
    expect(Math.abs(heapOf(resumed).growthMib)).toBeLessThanOrEqual(2);
  });

  it("that never stops growing is seen", () => {
    const leaking = (minute: number) => warming(0)(minute) + minute / 2;
    expect(heapOf(samples([0, 60], 1, leaking)).growthMib).toBeGreaterThan(8);
  });

  it("of a run that is too short says nothing", () => {
    expect(heapOf([]).growthMib).toBe(0);
    expect(heapOf(samples([0, 1], 1, () => 7).slice(0, 1)).growthMib).toBe(0);
  });
});
