import { describe, expect, it } from "@jest/globals";
import { runSeed, runSeeds } from "../../src/index.ts";

describe("a simulated network", () => {
  it("goes on calmly: a block a second at least, handovers included, no view lost", () => {
    const report = runSeed({ seed: 2, profile: "calm", members: 7 });
    expect(report.violations).toEqual([]);
    expect(report.height).toBeGreaterThan(60);
    expect(report.epochs).toBeGreaterThan(4);
    // Messages overtake each other on any network.
    const { reorder: _, ...others } = report.faults;
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
  });

  it("is the same run for the same seed, and another for another", () => {
    const digestOf = (seed: number): string => runSeed({ seed, profile: "rough" }).digest;
    expect(digestOf(11)).toBe(digestOf(11));
    expect(digestOf(11)).not.toBe(digestOf(12));
  });

  it("breaks nothing under faults", () => {
    const report = runSeeds({ from: 1, to: 5, profile: "rough", nowMs: () => 0 });
    expect(report.failures).toEqual([]);
    expect(report.skippedViews).toBeGreaterThan(10);
  });
});
