// A few kills of the campaign that `npm run campaign -- storm` runs five hundred of. Real processes need their seconds.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const KILLS = 6;
const TIMEOUT_MS = 240_000;
const MILESTONES = ["spawned", "loaded", "opened", "listening", "connected", "head", "signed", "certified"] as const;

interface Figures {
  readonly kills: number;
  readonly breaches: readonly string[];
  readonly unseated: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly forks: number;
  readonly signedMessagesHeard: number;
  readonly doubleSignatures: number;
  readonly each: readonly {
    readonly names: readonly string[];
    readonly comebacks: readonly Partial<Record<(typeof MILESTONES)[number], number>>[];
  }[];
}

describe("a storm of kill -9", () => {
  let campaign: CampaignRun<Figures>;
  let figures: Figures;

  beforeAll(async () => {
    campaign = await runCampaign<Figures>("storm", "--kills", `${KILLS}`, "--seed", "5");
    ({ figures } = campaign);
  }, TIMEOUT_MS);

  it("breaks no promise", () => {
    expect(figures.breaches).toEqual([]);
    expect(campaign).toMatchObject({ exitCode: 0, output: expect.stringContaining(`storm: ${KILLS} kills`) });
    expect([figures.lost, figures.forks, figures.doubleSignatures]).toEqual([0, 0, 0]);
    expect(figures.acknowledged).toBeGreaterThan(0);
    // How many votes fall into the storm depends on the machine; that every victim that came back was heard does not.
    expect(figures.signedMessagesHeard).toBeGreaterThanOrEqual(KILLS - figures.unseated);
  });

  it("sees every victim pass every milestone of its comeback, and in their order as far as they have one", () => {
    const comebacks = figures.each.flatMap(({ comebacks }) => comebacks);
    expect(figures.each.flatMap(({ names }) => names)).toHaveLength(KILLS);
    expect(comebacks).toHaveLength(KILLS - figures.unseated);
    for (const comeback of comebacks) {
      // One peer is enough to have one's vote certified: a quorum of them may come later than the last look.
      const passed = MILESTONES.filter((milestone) => comeback[milestone] !== undefined || milestone === "connected");
      expect(passed).toEqual(MILESTONES);
      for (const order of [
        ["spawned", "loaded", "opened", "listening", "connected"],
        ["opened", "head"],
        ["listening", "signed", "certified"],
      ] as const) {
        const times = order.flatMap((milestone) => comeback[milestone] ?? []);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    }
  });
});
