// Seeds of the simulator through the command that its users run, in a process of its own: the tests' sandbox would slow it
// down five times.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bundle/runMain.js", import.meta.url));
const TIMEOUT_MS = 240_000;

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly unknown[];
  readonly faults: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
  readonly digest: string;
}

interface Answer {
  readonly code: number;
  readonly output: string;
}

function simulate(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, "simulate", ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

describe("festina simulate", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-simulate-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function reportOf(...args: string[]): Promise<Report> {
    const file = join(folder, "report.json");
    const { code, output } = await simulate(...args, "--json", file);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("0 failed") });
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  }

  it(
    "passes 200 seeds in which everything goes wrong, and everything did",
    async () => {
      const report = await reportOf("--seeds", "1..200", "--profile", "mixed");
      expect([report.passed, report.failures]).toEqual([200, []]);
      expect(Object.entries(report.faults).filter(([, count]) => count === 0)).toEqual([]);
      expect(Object.keys(report.classes).length).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );

  it(
    "gives the same digest in another process",
    async () => {
      const [first, second] = [await reportOf("--seeds", "5..9"), await reportOf("--seeds", "5..9")];
      expect(first.digest).toBe(second.digest);
    },
    TIMEOUT_MS,
  );

  it("explains a seed", async () => {
    const { code, output } = await simulate("--seed", "3", "--profile", "rough", "--explain");
    expect(code).toBe(0);
    expect(output).toMatch(/member \d {2}signs prepare 0\/1/);
    expect(output).toMatch(/seed 3: 0 violations, digest [0-9a-f]{16}/);
  });

  it.each([
    [["--seeds", "9..3"]],
    [["--seeds", "a..b"]],
    [["--seed", "-4"]],
    [[]],
    [["--seeds", "1..2", "--profile", "wild"]],
    [["--seeds", "1..2", "--nodes", "0"]],
  ])("refuses %j", async (args) => {
    const { code, output } = await simulate(...args);
    expect(code).toBe(2);
    expect(output).toMatch(/error/);
  });
});
