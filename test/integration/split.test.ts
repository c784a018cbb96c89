// The short form of `npm run campaign -- split`: networks in the simulator, divided for forty seconds and healed.
import { runSplitSeed } from "@festina/sim";
import { describe, expect, it } from "@jest/globals";
import { runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 240_000;

describe("a network that is split and healed", () => {
  it.each([1, 2])(
    "has one chain of each kind again, takes back no final block, and pays once (seed %i)",
    async (seed) => {
      const report = await runSplitSeed({ seed, splitMs: 40_000 });
      expect(report.violations).toEqual([]);
      expect(report.healedMs).not.toBeNull();
      expect(report.heights.end).toBeGreaterThan(report.heights.healed);
      expect(report.paidSnailBlocks).toBeGreaterThan(0);
      // Without a quorum nothing becomes final, but for what was on its way.
      if (report.kind === "halves") expect(report.heights.healed - report.heights.split).toBeLessThanOrEqual(1);
      else expect(report.heights.healed).toBeGreaterThan(report.heights.split + 10);
    },
    TIMEOUT_MS,
  );

  it("refuses options that make no sense", async () => {
    await expect(runCampaign("split", "--seeds", "x")).rejects.toThrow(/--seeds is a whole number/);
  });
});
