// The lists of campaigns and benches: every name tells what it is for and which options it takes.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";

const SCRIPTS = resolve(fileURLToPath(new URL("../../scripts", import.meta.url)));

function run(script: string, ...argv: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(SCRIPTS, script), ...argv], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

describe.each([
  ["bench.mjs", "npm run bench"],
  ["campaign.mjs", "npm run campaign"],
])("%s", (script, command) => {
  const { status, stderr } = run(script);
  const rows = [...stderr.matchAll(/^ {2}(\w+) +(.*)$/gm)].map(([, name = "", summary = ""]) => ({ name, summary }));

  it("lists names with what they are for", () => {
    expect(status).toBe(2);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ summary }) => summary.length < 20)).toEqual([]);
  });

  it.each(rows)("$name tells its options", ({ name }) => {
    const help = run(script, name, "--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout.startsWith(`usage: ${command} -- ${name} [`)).toBe(true);
  });
});
