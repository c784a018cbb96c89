// A few faults of the hour that `npm run campaign -- soak` runs, and how it judges what it has seen.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { findBreaches } from "../../scripts/campaigns/soak/judgeSoak.mjs";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 240_000;
const FAULTS = 2;

interface Figures {
  readonly minutes: number;
  readonly kills: number;
  readonly cuts: number;
  readonly stallBeyondFaultMs: { readonly max: number };
  readonly acknowledged: number;
  readonly lost: number;
  readonly fork: object | null;
  readonly deaths: readonly string[];
  readonly rssMib: { readonly idle: number; readonly load: number };
  readonly heap: { readonly growthMib: number };
  readonly disk: { readonly perBlock: readonly number[] };
  readonly breaches: readonly string[];
}

const GOOD: Omit<Figures, "breaches"> = {
  minutes: 60,
  kills: 90,
  cuts: 90,
  stallBeyondFaultMs: { max: 4_000 },
  acknowledged: 9,
  lost: 0,
  fork: null,
  deaths: [],
  rssMib: { idle: 100, load: 200 },
  heap: { growthMib: 3 },
  disk: { perBlock: [1_000, 1_100] },
};

describe("the judge of a soak", () => {
  it("has nothing against a good hour", () => {
    expect(findBreaches(GOOD)).toEqual([]);
  });

  it.each([
    [{ kills: 0, cuts: 0 }, "no fault"],
    [{ stallBeyondFaultMs: { max: 5_001 } }, "beyond a fault"],
    [{ rssMib: { idle: 151, load: 200 } }, "idle member"],
    [{ rssMib: { idle: 0, load: 0 } }, "idle member"],
    [{ rssMib: { idle: 100, load: 401 } }, "under load"],
    [{ heap: { growthMib: 33 } }, "heap grew"],
    [{ disk: { perBlock: [1_000, 1_501] } }, "data per block"],
    [{ acknowledged: 0 }, "acknowledged"],
    [{ lost: 1 }, "are gone"],
    [{ fork: { "member-1": "0x" } }, "different blocks"],
    [{ deaths: ["member-1 (code 1)"] }, "ended by themselves"],
  ])("finds %j", (change, said) => {
    expect(findBreaches({ ...GOOD, ...change }).join()).toContain(said);
  });

  it("says nothing of growth within minutes", () => {
    const disk = { perBlock: [1_000, 9_000] };
    expect(findBreaches({ ...GOOD, minutes: 5, heap: { growthMib: 90 }, disk })).toEqual([]);
  });
});

describe("a network under load with faults", () => {
  let campaign: CampaignRun<Figures>;

  beforeAll(async () => {
    campaign = await runCampaign<Figures>("soak", "--faults", `${FAULTS}`, "--every", "8", "--seed", "3");
  }, TIMEOUT_MS);

  it("goes on, loses nothing, and stays within its memory", () => {
    const { figures, exitCode, output } = campaign;
    expect({ output, breaches: figures.breaches }).toEqual({ output, breaches: [] });
    expect(exitCode).toBe(0);
    expect(figures.kills + figures.cuts).toBe(FAULTS);
  });
});
