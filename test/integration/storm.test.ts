// A few kills of the campaign that `npm run campaign -- storm` runs five hundred of. Real processes need their seconds.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
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
  const folder = mkdtempSync(join(tmpdir(), "festina-storm-test-"));
  let exitCode: number | null = null;
  let output = "";
  let figures: Figures;

  beforeAll(async () => {
    const jsonFile = join(folder, "figures.json");
    const args = [CAMPAIGN, "storm", "--kills", `${KILLS}`, "--seed", "5", "--json", jsonFile];
    const campaign = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    campaign.stdout.on("data", take);
    campaign.stderr.on("data", take);
    exitCode = await new Promise((resolve) => campaign.once("close", resolve));
    if (!existsSync(jsonFile)) throw new Error(`the campaign wrote no figures (exit code ${exitCode}):\n${output}`);
    figures = JSON.parse(readFileSync(jsonFile, "utf8")) as Figures;
  }, TIMEOUT_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("breaks no promise", () => {
    expect(figures.breaches).toEqual([]);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining(`storm: ${KILLS} kills`) });
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
