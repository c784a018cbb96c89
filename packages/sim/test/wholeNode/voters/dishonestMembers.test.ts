// Dishonest members among whole nodes, up to f seats: nothing breaks, and who contradicts itself is found out.
import { describe, expect, it, jest } from "@jest/globals";
import type { FaultPlan } from "../../../src/run/faultPlan.ts";
import { runNodeSeed } from "../../../src/run/runNodeSeed.ts";
import { CALM_LINKS } from "../../../src/world/network.ts";

/** Of the machine, which may be busy with other things. */
jest.setTimeout(240_000);

const run = (faulty: readonly (readonly [number, string])[], members: number, endMs: number) => {
  const plan: FaultPlan = {
    members,
    links: CALM_LINKS,
    strikes: [],
    faulty: new Map(faulty),
    stopMs: endMs / 2,
    endMs,
  };
  return runNodeSeed({ seed: 1, profile: "byzantine", plan });
};

describe("dishonest members among whole nodes", () => {
  it("break nothing, and only they stand accused: a leader that shows two blocks, a voter that votes twice", async () => {
    const report = await run(
      [
        [1, "equivocatingLeader"],
        [4, "doubleVoter"],
      ],
      7,
      5_000,
    );
    expect(report.violations).toEqual([]);
    expect(report.accused).toEqual([1, 4]);
    expect(report.slashed).toEqual([1, 4]);
    for (const how of ["equivocatingLeader", "doubleVoter"]) expect(report.acts[how]).toBeGreaterThan(0);
    expect(report.height).toBeGreaterThan(4);
  });

  it("stand accused of nothing where they only propose what nobody can execute", async () => {
    const report = await run([[2, "wrongRoot"]], 4, 4_000);
    expect(report.violations).toEqual([]);
    expect(report.accused).toEqual([]);
    expect(report.acts["wrongRoot"]).toBeGreaterThan(0);
    expect(report.skippedViews).toBeGreaterThan(0);
    expect(report.height).toBeGreaterThan(3);
  });
});
