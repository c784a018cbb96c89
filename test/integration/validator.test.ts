// `npm run campaign -- validator`: docs/become-a-validator.md, followed to the letter by a fresh machine.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 360_000;

interface Figures {
  readonly validator: string;
  readonly epoch: number;
  readonly seats: number;
  readonly totalSeats: number;
  readonly signed: number;
  readonly role: string;
  readonly doing: string;
  readonly backCoins: number;
  readonly isGone: boolean;
  readonly deaths: readonly string[];
}

describe("a fresh machine that follows docs/become-a-validator.md", () => {
  let ran: CampaignRun<Figures>;

  beforeAll(async () => {
    ran = await runCampaign<Figures>("validator", "--snail-seconds", "2");
  }, TIMEOUT_MS);

  it("holds seats in a later committee", () => {
    const { figures, output } = ran;
    expect({ output, seats: figures.seats }).toEqual({
      output: expect.stringContaining(figures.validator),
      seats: expect.any(Number),
    });
    expect(figures.epoch).toBeGreaterThan(0);
    expect(figures.seats).toBeGreaterThan(0);
    expect(figures.seats).toBeLessThan(figures.totalSeats);
  });

  it("signs certificates, as its own node has them", () => {
    expect(ran.figures.signed).toBeGreaterThan(0);
    expect(ran.figures).toMatchObject({ role: "member", doing: expect.stringMatching(/^voting in view/) });
  });

  it("leaves the committee with its deposit, and the network goes on", () => {
    expect(ran.figures.backCoins).toBeGreaterThan(2_499);
    expect(ran.figures).toMatchObject({ isGone: true, deaths: [] });
    expect(ran.exitCode).toBe(0);
  });
});
