import { describe, expect, it } from "@jest/globals";
import {
  type FaultPlan,
  type SeedOptions,
  type SeedReport,
  type Symptom,
  shrinkNodePlan,
  shrinkPlan,
} from "../../src/index.ts";
import { type Shrunk, searchSmaller } from "../../src/run/searchSmaller.ts";
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
const pauseAndCrash: Symptom<SeedReport> = ({ faults }) =>
  faults.pause > 0 && faults.crash > 0 ? { invariant: "I0", what: "paused and crashed", atMs: 2_000 } : null;

describe("shrinking whole nodes", () => {
  it("finds what it takes to fork them: two of four that show two blocks, and no time", async () => {
    const wholePlan: FaultPlan = {
      members: 4,
      links: CALM_LINKS,
      strikes: [],
      faulty: new Map([
        [0, "equivocatingLeader"],
        [2, "equivocatingLeader"],
      ]),
      dishonestMiners: new Map([[1, "grinder"]]),
      stopMs: 600,
      endMs: 900,
    };
    const shrunk = await shrinkNodePlan({ seed: 5, profile: "byzantine", plan: wholePlan });
    expect(shrunk?.plan.faulty).toEqual(wholePlan.faulty);
    expect(shrunk?.plan.dishonestMiners).toBeUndefined();
    expect(shrunk?.plan.endMs).toBeLessThan(900);
    expect(shrunk?.report.violations[0]?.invariant).toMatch(/^I[123]$/);
    expect(shrunk?.report.accused).toEqual([0, 2]);
  }, 120_000);
});

describe("the search for a smaller run", () => {
  const search = (atMs: (plan: FaultPlan) => number): Shrunk<SeedReport> | null => {
    const steps = searchSmaller<SeedReport>(
      { ...plan, endMs: 64_000 },
      ({ violations }) => violations[0] ?? null,
      Number.POSITIVE_INFINITY,
    );
    let step = steps.next();
    while (!step.done) {
      const violations = [{ invariant: "I9", what: "", atMs: atMs(step.value) }];
      step = steps.next({ violations } as unknown as SeedReport);
    }
    return step.value;
  };

  it("runs half as long, and half of that, where something is judged at the end only", () => {
    expect(search(({ endMs }) => endMs)?.plan.endMs).toBe(250);
    expect(search(() => 40_000)?.plan.endMs).toBe(40_500);
  });
});

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
