// The short form of `npm run campaign -- wan`: members in network namespaces, far apart and with loss, and faults of links.
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { findForks, longestGapMs, measureFinality } from "../../scripts/campaigns/wan/finality.mjs";
import { drawDelays } from "../../scripts/campaigns/wan/wanNetwork.mjs";
import { type CampaignRun, runCampaign } from "./campaign.ts";

const TIMEOUT_MS = 400_000;
const HOPS = 3;
const DELAY_MS_MIN = 50;
/** Of blocks, but not of a busy machine, is the time that finality takes. */
const LATE = /^PRE-PREPARE to COMMITTED takes/;

interface Figures {
  readonly links: string;
  readonly delays: readonly (readonly number[])[];
  readonly finality: { readonly blocks: number; readonly p50Ms: number; readonly p95Ms: number };
  readonly faults: readonly { readonly name: string; readonly before: readonly number[] }[];
  readonly packets: { readonly passed?: number; readonly lost?: number; readonly cut?: number };
  readonly findings: readonly string[];
}

describe("seven members far from each other", () => {
  let campaign: CampaignRun<Figures>;

  beforeAll(async () => {
    campaign = await runCampaign<Figures>(
      ...["wan", "--seconds", "4", "--fault-seconds", "5", "--pairs", "1", "--heal-seconds", "90"],
    );
    const { links } = campaign.figures;
    if (links.includes("WITHOUT LOSS")) process.stderr.write(`wan: NO NAMESPACES HERE, tested behind ${links}\n`);
  }, TIMEOUT_MS);

  it("finalise blocks, and get over cuts, a flapping link and the isolation of two without help", () => {
    const { figures, output } = campaign;
    expect(figures.findings.filter((finding) => !LATE.test(finding))).toEqual([]);
    expect(figures.faults.map(({ name }) => name.split(":")[0])).toEqual([
      ...["one-way cut", "one-way cut", "flapping link", "isolated"],
    ]);
    expect(output).toMatch(/wan: .*; p50 \d+ ms/);
  });

  it("are as far from each other as they are told to be", () => {
    const { delays, finality, packets, links } = campaign.figures;
    expect(delays).toEqual(drawDelays(8, { seed: 1, delayMsMin: DELAY_MS_MIN, delayMsMax: 150 }));
    expect(finality.blocks).toBeGreaterThan(0);
    expect(finality.p50Ms).toBeGreaterThan(HOPS * DELAY_MS_MIN);
    if (!links.includes("relay")) return;
    expect(packets.cut).toBeGreaterThan(0);
    expect((packets.lost ?? 0) / ((packets.passed ?? 0) + (packets.lost ?? 0))).toBeCloseTo(0.01, 2);
  });

  it("leave no namespace behind", () => {
    const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
    const [, own] = /network namespaces (festina-wan-\d+-)/.exec(campaign.output) ?? [];
    expect(own === undefined).toBe(campaign.figures.links.includes("without namespaces"));
    expect(stdout ?? "").not.toContain(own ?? "festina-wan-");
  });
});

describe("its figures", () => {
  const at = (entries: readonly (readonly [string, number, number])[]) =>
    new Map(entries.map(([hash, number, atMs]) => [hash, { number, atMs }]));
  const members = [
    { name: "a", proposed: new Map([["x", 1_000]]), committed: at([["x", 1, 1_300]]) },
    {
      name: "b",
      proposed: new Map(),
      committed: at([
        ["x", 1, 1_500],
        ["y", 2, 2_500],
      ]),
    },
    { name: "c", proposed: new Map([["y", 2_000]]), committed: at([["x", 1, 1_400]]) },
  ];

  it("are of the median member, and of blocks that most have", () => {
    const { blocks, p50Ms } = measureFinality(members, { fromMs: 0, untilMs: 9_000 });
    expect([blocks, p50Ms]).toEqual([1, 400]);
    expect(measureFinality(members, { fromMs: 1_001, untilMs: 9_000 }).blocks).toBe(0);
  });

  it("tell the longest silence, and two blocks of one number", () => {
    expect(longestGapMs(members, { fromMs: 1_200, untilMs: 4_000 })).toBe(1_500);
    expect(findForks(members)).toEqual([]);
    expect(findForks([...members, { name: "d", committed: at([["z", 2, 1]]) }])).toEqual([
      "block 2 differs at b and d",
    ]);
  });
});

describe("the campaign", () => {
  it.each([
    [["--links", "string"], /--links is one of/],
    [["--members", "3"], /--members is a whole number from 4/],
    [["--delay-min", "100", "--delay-max", "99"], /--delay-max is a whole number from 100/],
    [["--loss-permille", "x"], /--loss-permille is a whole number/],
  ])("refuses %j", async (options, said) => {
    await expect(runCampaign("wan", ...options)).rejects.toThrow(said);
  });
});
