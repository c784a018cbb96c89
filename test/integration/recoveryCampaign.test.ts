// The campaign that `npm run campaign -- recovery` runs over many seeds, over one network of whole nodes: in a process of
// its own, where it runs several times as fast as here.
import { describe, expect, it } from "@jest/globals";
import { runScript } from "../endToEnd/runScript.ts";

const TIMEOUT_MS = 240_000;
const campaign = (...args: readonly string[]) => runScript("campaign.mjs", ["recovery", ...args], TIMEOUT_MS);

describe("the campaign about recovery", () => {
  it(
    "has a chain go on whose committee lost its quorum for good, whether or not the first one drawn is as dead",
    async () => {
      const { exitCode, output } = await campaign("--from", "4", "--to", "4", "--case", "minersForget");
      // How many committees it takes is the draw's business.
      expect(output).toMatch(/minersForget: 1 seeds, 0 failed; another committee went on in 1 .*forked in 0/);
      expect(exitCode).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    "refuses what makes no sense",
    async () => {
      const { exitCode, errors } = await campaign("--case", "earthquake");
      expect(exitCode).toBe(2);
      expect(errors).toContain("usage:");
    },
    TIMEOUT_MS,
  );
});
