// The studies of mining in short, and that each tells when its promise is broken.
import { DEFAULT_REWARD_RULES } from "@festina/chainspec";
import { computeRewards } from "@festina/fastchain";
import { describe, expect, it } from "@jest/globals";
import { runCoupling } from "../../src/studies/coupling/runCoupling.ts";
import { runFairness } from "../../src/studies/fairness/runFairness.ts";
import { runSelfish } from "../../src/studies/selfish/runSelfish.ts";
import { payoutOf } from "../../src/studies/world/snailWorld.ts";
import { createStudySpec } from "../../src/studies/world/studySpec.ts";

const silent = (): void => undefined;
/** Alone they take seconds. */
const LONG_MS = 180_000;

interface Outcome {
  readonly name: string;
  readonly ofPaid: number;
}

describe("selfish mining", () => {
  it(
    "earns little under the shipped table and more under one that pays blocks",
    () => {
      const size = 100;
      const { findings } = runSelfish({ seed: 2, size, onProgress: silent });
      expect(findings.filter((what) => !what.includes("of its fair share"))).toEqual([]);
      const split = { committee: 20, fruits: 0, packing: 60, block: 20 };
      const greedy = createStudySpec({ rewards: { ...DEFAULT_REWARD_RULES, split } });
      const broken = runSelfish({ seed: 2, size, onProgress: silent }, greedy);
      expect(broken.findings.join("\n")).toMatch(/earns 1\.\d+ of its fair share, at most 1.03/);
      const windows = broken.figures["windows"] as readonly Outcome[];
      for (const { ofPaid } of windows) expect(ofPaid).toBeGreaterThan(1.2);
    },
    LONG_MS,
  );
});

describe("pay", () => {
  it(
    "follows work, and the study tells where it does not",
    () => {
      const { findings, figures } = runFairness({ seed: 1, size: 300, onProgress: silent });
      expect(findings).toEqual([]);
      expect(figures).toMatchObject({ blocks: 300, payments: 300 });
      const stolen = runFairness(
        { seed: 1, size: 300, onProgress: silent },
        {
          rewards: (input) =>
            computeRewards(input).map((payment) =>
              payment.to === payoutOf(1) ? { ...payment, to: payoutOf(0) } : payment,
            ),
        },
      );
      expect(stolen.findings.join("\n")).toMatch(/20\.0 % of the work got 0\.000 % of the pay/);
    },
    LONG_MS,
  );
});

describe("the fast chain", () => {
  const outage = { name: "no miner for 7 hours", power: 0, hours: 7 };

  it(
    "falls back to empty blocks six hours after its anchor and comes back with the miners",
    () => {
      const { findings, figures } = runCoupling({ seed: 1, size: 36, onProgress: silent }, [outage]);
      expect(findings).toEqual([]);
      const [seen] = figures["cases"] as readonly { emptyBlocks: number; degradedAfterMs: number }[];
      expect(seen?.emptyBlocks).toBeGreaterThan(1_800);
      expect(seen?.degradedAfterMs).toBeLessThanOrEqual(6 * 3_600_000);
    },
    LONG_MS,
  );

  it("keeps the pointer near the miners when work comes tenfold", () => {
    const { findings, figures } = runCoupling({ seed: 1, size: 36, onProgress: silent }, [
      { name: "flood", power: 10, hours: 2 },
    ]);
    expect(findings).toEqual([]);
    expect(figures["cases"]).toMatchObject([{ emptyBlocks: 0, lagAtEnd: 0 }]);
  }, 60_000);

  it("is reported when it stays without transactions", () => {
    const { findings } = runCoupling({ seed: 1, size: 0, onProgress: silent }, [outage]);
    expect(findings.join("\n")).toContain("still without transactions at the end");
  }, 60_000);
});
