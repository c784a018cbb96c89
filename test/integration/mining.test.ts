// The short form of `npm run campaign -- mining`: real miners against a real network, for a few seconds.
import { describe, expect, it } from "@jest/globals";
import { runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 240_000;

interface Figures {
  readonly findings: readonly string[];
  readonly fruits: readonly number[];
  readonly pay: readonly number[];
  readonly head: number;
}

describe("three miners of 60/30/10 % CPU share", () => {
  it(
    "are paid for their work, and the supply adds up at every block",
    async () => {
      const options = ["--seconds", "12", "--snail-seconds", "2", "--by-work"];
      const { exitCode, output, figures } = await runCampaign<Figures>("mining", ...options);
      expect({ output, findings: figures.findings }).toEqual({ output: expect.any(String), findings: [] });
      expect(exitCode).toBe(0);
      const [most = 0, middle = 0, least = 0] = figures.fruits;
      expect(most).toBeGreaterThan(middle);
      expect(middle).toBeGreaterThan(least);
      expect(Math.min(...figures.pay)).toBeGreaterThan(0);
      expect(figures.head).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  it("refuses options that make no sense", async () => {
    await expect(runCampaign("mining", "--seconds", "1")).rejects.toThrow(/--seconds is a whole number from 10/);
  });
});
