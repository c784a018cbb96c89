import { describe, expect, it } from "@jest/globals";
import { type FaultPlan, type SeedOptions, type Symptom, shrinkPlan } from "../../src/index.ts";
import { CALM_LINKS } from "../../src/world/network.ts";

const strike = (kind: "pause" | "crash" | "slowNode" | "clockSkew", target: number) =>
  ({ kind, atMs: 1_000 + 100 * target, lengthMs: 800, target, amount: 7 }) as const;

const plan: FaultPlan = {
  members: 6,
  links: { ...CALM_LINKS, lossRate: 0.05, duplicateRate: 0.1 },
  strikes: [strike("pause", 0), strike("crash", 1), strike("slowNode", 2), strike("crash", 5), strike("clockSkew", 3)],
  faulty: new Map([[4, "silent"]]),
  stopMs: 3_000,
  endMs: 5_000,
};
const options: SeedOptions = { seed: 5, profile: "mixed", plan };

/** "Fails" where somebody paused and somebody crashed. */
const pauseAndCrash: Symptom = ({ faults }) =>
  faults.pause > 0 && faults.crash > 0 ? { invariant: "I0", what: "paused and crashed", atMs: 2_000 } : null;

describe("shrinking", () => {
  it("keeps what the failure needs, and nothing else", () => {
    const shrunk = shrinkPlan(options, pauseAndCrash);
    expect(shrunk?.plan.strikes.map(({ kind }) => kind)).toEqual(["pause", "crash"]);
    expect(shrunk?.plan.faulty.size).toBe(0);
    expect(shrunk?.plan.members).toBe(4);
    expect(shrunk?.plan.links).toEqual(CALM_LINKS);
    expect(shrunk?.plan.strikes.every(({ lengthMs }) => lengthMs < 800)).toBe(true);
    expect(shrunk?.plan.endMs).toBe(2_500);
    expect(shrunk === null ? null : pauseAndCrash(shrunk.report)).not.toBeNull();
  });

  it("leaves a run alone that does not fail", () => {
    expect(shrinkPlan(options)).toBeNull();
  });

  it("finds the moment at which more than f dishonest seats break safety", () => {
    const shrunk = shrinkPlan({ seed: 1, profile: "byzantine", excessSeats: 1 });
    expect(shrunk?.report.violations[0]?.invariant).toMatch(/^I[123]$/);
    expect(shrunk?.plan.endMs).toBeLessThan(20_000);
    expect(shrunk?.report.convicted.length).toBeGreaterThan(0);
  });
});
