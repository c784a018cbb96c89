// Two rounds of the campaign that `npm run campaign -- kill` runs twenty of: one member dies by SIGKILL, then everything.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const ROUNDS = 2;
const MEMBERS = 4;
const TIMEOUT_MS = 420_000;

interface Figures {
  readonly rounds: number;
  readonly breaches: readonly string[];
  readonly deadTurns: number;
  readonly othersSkipped: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly wentBack: number;
  readonly forks: number;
  readonly signedMessagesHeard: number;
  readonly doubleSignatures: number;
  readonly gapMs: { readonly max: number };
  readonly each: readonly { readonly one: { readonly victim: string; readonly signsMs: number } }[];
}

describe("kill -9", () => {
  let campaign: CampaignRun<Figures>;
  let figures: Figures;

  beforeAll(async () => {
    campaign = await runCampaign<Figures>("kill", "--rounds", `${ROUNDS}`, "--seed", "7");
    ({ figures } = campaign);
  }, TIMEOUT_MS);

  it("breaks no promise", () => {
    expect(figures.breaches).toEqual([]);
    expect(campaign).toMatchObject({ exitCode: 0, output: expect.stringContaining(`kill: ${ROUNDS} rounds`) });
  });

  it("of one member costs its turns, one view each; restarted, it signs again", () => {
    expect(figures.rounds).toBe(ROUNDS);
    expect(figures.deadTurns).toBeGreaterThanOrEqual(ROUNDS);
    // On a busy machine a living leader may be late, too.
    expect(figures.othersSkipped).toBeLessThanOrEqual(ROUNDS);
    for (const { one } of figures.each) expect(one.signsMs).toBeGreaterThan(0);
  });

  it("of everything loses no acknowledged transaction and takes nobody back", () => {
    expect(figures.acknowledged).toBeGreaterThan(0);
    expect([figures.lost, figures.wentBack, figures.forks]).toEqual([0, 0, 0]);
  });

  it("makes nobody sign twice", () => {
    // How many votes fall into a round depends on the machine; that all four members sign in each of them does not.
    expect(figures.signedMessagesHeard).toBeGreaterThanOrEqual(MEMBERS * ROUNDS);
    expect(figures.doubleSignatures).toBe(0);
  });
});
