// Whole nodes by seed through the command that its users run: judged, and the same in every process.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bundle/runMain.cjs", import.meta.url));
const TIMEOUT_MS = 480_000;
const folder = mkdtempSync(join(tmpdir(), "festina-nodes-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function simulate(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, "simulate", "--level", "node", ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
    );
  });
}

interface Report {
  readonly passed: number;
  readonly failures: readonly unknown[];
  readonly faults: Readonly<Record<string, number>>;
  readonly transactions: number;
  readonly epochs: number;
  readonly digest: string;
}

async function reportOf(name: string): Promise<Report> {
  const file = join(folder, name);
  const { code, output } = await simulate("--seed", "5", "--nodes", "4", "--profile", "rough", "--json", file);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("1 seeds passed, 0 failed") });
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}

describe("festina simulate --level node", () => {
  it(
    "passes a seed with faults, and gives the same run in two processes",
    async () => {
      const [first, second] = await Promise.all([reportOf("first.json"), reportOf("second.json")]);
      expect(first.failures).toEqual([]);
      expect(first.digest).toMatch(/^[0-9a-f]{16}$/);
      expect(second.digest).toBe(first.digest);
      expect(first.epochs).toBeGreaterThan(1);
      expect(first.transactions).toBeGreaterThan(5);
      expect(Object.values(first.faults).some((count) => count > 0)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it("says what it cannot do", async () => {
    const { code, output } = await simulate("--seed", "5", "--shrink");
    expect(code).toBe(2);
    expect(output).toContain("LEVEL_UNSUPPORTED");
    const unknown = await simulate("--seed", "5", "--recovery", "earthquake");
    expect(unknown.code).toBe(2);
    expect(unknown.output).toContain("cases are lostForGood, ");
  });
});
