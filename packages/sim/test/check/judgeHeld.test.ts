import { describe, expect, it } from "@jest/globals";
import { judgeHeld } from "../../src/check/judgeHeld.ts";
import { NodeWatch } from "../../src/check/nodeWatch.ts";

function judge(held: Readonly<Record<string, number>> | null, files: Readonly<Record<string, number>> = {}) {
  const watch = new NodeWatch({ faulty: new Set(), nowMs: () => 0, processOf: () => undefined });
  judgeHeld({ process: 2, held, files }, watch);
  return watch.violations.map(({ invariant, what }) => `${invariant} ${what}`);
}

describe("what a node keeps", () => {
  it("is in order up to its limits, and while it is down", () => {
    expect(judge({ views: 320, evidence: 14, waitingFruits: 512 }, { "consensus.journal": 2 ** 20 })).toEqual([]);
    expect(judge(null, { "chain.log": 2 ** 30 })).toEqual([]);
  });

  it("breaks I14 above them, in memory or in files, and where no limit is known", () => {
    expect(judge({ views: 321, blocks: 3 })).toEqual(["I14 process 2 holds 321 views"]);
    expect(judge({ evidence: 15 }, { "signing.record": 9_000 })).toEqual([
      "I14 process 2 holds 15 evidence",
      "I14 process 2 has 9000 bytes in signing.record",
    ]);
    expect(judge({ grudges: 1 })).toEqual(["I14 nobody says how many grudges process 2 may hold"]);
  });
});
