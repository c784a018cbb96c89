// A short form of the campaign that `npm run campaign -- history` runs for a thousand blocks. Real processes need their seconds.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
const BLOCKS = 20;
const TIMEOUT_MS = 240_000;

interface Replay {
  readonly blocks: number;
  readonly headHash: string;
  readonly stateRoot: string;
  readonly engine: { readonly name: string; readonly faults: number };
}

interface Figures {
  readonly recorded: { readonly sent: number; readonly engine: { readonly name: string } };
  readonly exported: { readonly last: number };
  readonly replays: Readonly<Record<string, Replay>>;
  readonly breaches: readonly string[];
}

describe("a recorded history", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-history-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    "is the same on every engine, and was recorded on two at once",
    async () => {
      const jsonFile = join(folder, "figures.json");
      const dataDir = join(folder, "data");
      const args = ["history", "--blocks", `${BLOCKS}`, "--engine-check", "--json", jsonFile, "--data-dir", dataDir];
      const campaign = spawn(process.execPath, [CAMPAIGN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [campaign.stdout, campaign.stderr])
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
        });
      const exitCode = await new Promise((resolve) => campaign.once("close", resolve));
      if (!existsSync(jsonFile)) throw new Error(`the campaign wrote no figures (exit code ${exitCode}):\n${output}`);
      const { recorded, exported, replays, breaches } = JSON.parse(readFileSync(jsonFile, "utf8")) as Figures;
      expect([exitCode, breaches]).toEqual([0, []]);
      expect(recorded.engine.name).toBe("compiler,interpreter,reference checked by reference");
      expect(recorded.sent).toBeGreaterThanOrEqual(BLOCKS);
      expect(readdirSync(join(dataDir, "devnet/member-1/data"))).not.toContain("engine-cases");
      expect(Object.values(replays).map(({ engine }) => engine)).toEqual([
        { name: "reference", faults: 0 },
        { name: "interpreter,reference", faults: 0 },
        expect.objectContaining({ name: "compiler,interpreter,reference", faults: 0 }),
        expect.objectContaining({ name: "compiler,interpreter,reference", faults: 0 }),
      ]);
      for (const { blocks } of Object.values(replays)) expect(blocks).toBe(exported.last);
      expect(new Set(Object.values(replays).map(({ headHash }) => headHash)).size).toBe(1);
      expect(new Set(Object.values(replays).map(({ stateRoot }) => stateRoot)).size).toBe(1);
    },
    TIMEOUT_MS,
  );
});
