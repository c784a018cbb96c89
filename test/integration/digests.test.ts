// A short run of `npm run campaign -- digests`: the same seeds in two processes, and beside one that gives something else.
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
const SEEDS = 4;
const LIMIT_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), "festina-digests-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands for a Node on which every seed goes another way. */
function writeOtherNode(): string {
  const file = join(folder, "node");
  const lines = [
    `#!${process.execPath}`,
    `if (process.argv[2] === "--version") console.log("v0.0.0");`,
    `else for (let seed = 1; seed <= ${SEEDS}; seed++) console.log(seed + " other 0");`,
  ];
  writeFileSync(file, lines.join("\n"));
  chmodSync(file, 0o755);
  return file;
}

function runCampaign(...more: readonly string[]): Promise<string> {
  const args = [CAMPAIGN, "digests", "--to", `${SEEDS}`, ...more];
  return new Promise((resolve) =>
    execFile(process.execPath, args, (error, stdout, stderr) => resolve(`${stdout}${stderr} exit ${error?.code ?? 0}`)),
  );
}

describe("the same seeds in different processes", () => {
  it(
    "give the same runs",
    async () => {
      const output = await runCampaign();
      expect(output).toContain("0 differ");
      expect(output).toContain("exit 0");
    },
    LIMIT_MS,
  );

  it(
    "are told apart where they do not",
    async () => {
      const output = await runCampaign("--other-node", writeOtherNode());
      expect(output).toContain("seeds that differ: 1 2 3 4");
      expect(output).toContain("exit 1");
    },
    LIMIT_MS,
  );
});
