import { describe, expect, it } from "@jest/globals";
import { createMischief, MISCHIEF_CLASSES } from "../../src/byzantine/mischiefClasses.ts";
import { runSeed } from "../../src/index.ts";
import type { FaultPlan } from "../../src/run/faultPlan.ts";
import { CALM_LINKS } from "../../src/world/network.ts";

const LIAR = 1;
/** Slow enough that a leader often proposes before the block below is final. */
const LINKS = { ...CALM_LINKS, latencyMs: 40, jitterMs: 40 };

/** Contradict themselves before honest eyes. */
const PROVABLE = new Set(["equivocatingLeader", "doubleVoter", "commitAndViewChange"]);

function planWith(how: string): FaultPlan {
  return { members: 4, links: LINKS, strikes: [], faulty: new Map([[LIAR, how]]), stopMs: 20_000, endMs: 30_000 };
}

describe("a dishonest member", () => {
  it.each(MISCHIEF_CLASSES)(
    "of class %s breaks nothing, and stands accused only where it contradicted itself",
    (how) => {
      const report = runSeed({ seed: 1, profile: "byzantine", plan: planWith(how) });
      expect(report.violations).toEqual([]);
      expect(report.classes).toEqual({ [how]: 1 });
      expect(report.acts[how]).toBeGreaterThan(0);
      expect(report.height).toBeGreaterThan(10);
      expect(report.accused).toEqual(PROVABLE.has(how) ? [LIAR] : []);
    },
  );

  it("has a class that exists", () => {
    expect(() => createMischief("politeness")).toThrow(RangeError);
  });
});
