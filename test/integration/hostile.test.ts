// Short form of `npm run campaign -- hostile`. What it promises of speed needs a machine for itself; that the chain goes on,
// attackers are cut off, and the honest stay linked and blameless, does not.
import { describe, expect, it } from "@jest/globals";
import { runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 240_000;

interface Figures {
  readonly figures: Readonly<Record<string, { readonly send: readonly number[]; readonly did: readonly object[] }>>;
  readonly book: { readonly heardOf: number };
  readonly bans: number;
  readonly findings: readonly string[];
}

describe("hostile peers", () => {
  it(
    "neither stop the chain nor turn the honest against each other, and are cut off themselves",
    async () => {
      const options = ["--seconds", "2", "--rounds", "1", "--ratio-min", "0"];
      const { exitCode, figures } = await runCampaign<Figures>("hostile", ...options);
      expect(figures.findings).toEqual([]);
      expect(exitCode).toBe(0);
      expect(Object.keys(figures.figures)).toHaveLength(6);
      for (const { send } of Object.values(figures.figures)) expect(send[0]).toBeGreaterThan(0);
      for (const name of ["garbage", "oversized", "signatures"])
        expect(figures.figures[name]?.did[0]).toMatchObject({ cutOffs: expect.any(Number) });
      expect(figures.bans).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it("are not invented", async () => {
    await expect(runCampaign("hostile", "--ratio-min", "2")).rejects.toThrow(/--ratio-min is a number from 0 to 1/);
  });
});
