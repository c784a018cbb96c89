// A campaign as its user runs it, and the figures that it writes.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));

export interface CampaignRun<Figures> {
  readonly exitCode: number | null;
  readonly output: string;
  readonly figures: Figures;
}

/** @throws Error with all that it said when it wrote no figures */
export async function runCampaign<Figures>(name: string, ...options: readonly string[]): Promise<CampaignRun<Figures>> {
  const folder = mkdtempSync(join(tmpdir(), `festina-${name}-test-`));
  const jsonFile = join(folder, "figures.json");
  try {
    const campaign = spawn(process.execPath, [CAMPAIGN, name, ...options, "--json", jsonFile], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [campaign.stdout, campaign.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    const exitCode = await new Promise<number | null>((resolve) => campaign.once("close", resolve));
    if (!existsSync(jsonFile)) throw new Error(`the campaign wrote no figures (exit code ${exitCode}):\n${output}`);
    return { exitCode, output, figures: JSON.parse(readFileSync(jsonFile, "utf8")) as Figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
