// The campaign that `npm run campaign -- seeds` runs over thousands of seeds, over a few: cut off in the middle, it goes on.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
const TASK = ["--from", "1", "--to", "41", "--profile", "calm", "--nodes", "4"];
const TIMEOUT_MS = 120_000;

interface Figures {
  readonly sums: { readonly seeds: number; readonly failed: number; readonly blocks: number; readonly digest: string };
}

interface Campaign {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

function start(...args: readonly string[]): Campaign {
  const campaign = spawn(process.execPath, [CAMPAIGN, "seeds", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [campaign.stdout, campaign.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  return {
    process: campaign,
    ended: new Promise((resolve) => campaign.once("close", (code) => resolve({ code, output }))),
  };
}

describe("the campaign over seeds", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-seeds-test-"));
  const file = (name: string): string => join(folder, name);
  const read = <T>(name: string): T => JSON.parse(readFileSync(file(name), "utf8")) as T;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    "adds up the same on one worker, on two, and after an interruption",
    async () => {
      const whole = await start(...TASK, "--workers", "2", "--json", file("whole.json")).ended;
      expect(whole).toEqual({ code: 0, output: expect.stringContaining("seeds: 41 of profile calm, 0 failed") });

      const progress = ["--progress", file("progress.json")];
      const first = start(...TASK, "--workers", "1", ...progress);
      while (!existsSync(file("progress.json")) && first.process.exitCode === null) await sleep(20);
      first.process.kill("SIGKILL");
      await first.ended;
      expect(read<{ next: number }>("progress.json").next).toBeGreaterThan(1);
      const rest = await start(...TASK, "--workers", "1", ...progress, "--json", file("rest.json")).ended;
      expect(rest.code).toBe(0);
      expect(read<Figures>("rest.json").sums).toEqual(read<Figures>("whole.json").sums);
      const other = await start("--from", "2", "--to", "41", ...progress).ended;
      expect(other).toEqual({ code: 2, output: expect.stringContaining("is of another task") });
    },
    TIMEOUT_MS,
  );

  it("refuses what makes no sense", async () => {
    for (const args of [
      ["--from", "9", "--to", "3"],
      ["--workers", "0"],
      ["--profile", "wild"],
      ["--from", "x"],
    ])
      expect(await start(...args).ended).toEqual({ code: 2, output: expect.stringContaining("usage:") });
  });
});
