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
  readonly acts: Readonly<Record<string, number>>;
  readonly transactions: number;
  readonly epochs: number;
  readonly events: number;
  readonly blocks: number;
  readonly digest: string;
}

interface ToldReport extends Omit<Report, "blocks" | "passed" | "failures"> {
  readonly height: number;
  readonly violations: readonly unknown[];
}

const SEED = ["--seed", "3", "--profile", "mixed"] as const;
const file = (name: string): string => join(folder, name);
const read = <T>(name: string): T => JSON.parse(readFileSync(file(name), "utf8")) as T;

describe("festina simulate --level node", () => {
  it(
    "passes a seed with faults and dishonest processes, and tells the same run in another process",
    async () => {
      const [judged, told] = await Promise.all([
        simulate(...SEED, "--json", file("judged.json")),
        simulate(...SEED, "--explain", "--html", file("chart.html"), "--json", file("told.json")),
      ]);
      expect(judged).toEqual({ code: 0, output: expect.stringContaining("1 seeds passed, 0 failed") });
      expect(told.code).toBe(0);
      const [first, second] = [read<Report>("judged.json"), read<ToldReport>("told.json")];
      expect(first.failures).toEqual([]);
      expect(first.digest).toMatch(/^[0-9a-f]{16}$/);
      const { height: blocks, epochs, events, transactions, faults, acts } = second;
      expect(first).toMatchObject({ blocks, epochs, events, transactions, faults, acts });
      expect(first.epochs).toBeGreaterThan(1);
      expect(first.transactions).toBeGreaterThan(5);
      expect(Object.values(first.faults).some((count) => count > 0)).toBe(true);
      expect(Object.values(first.acts).some((count) => count > 0)).toBe(true);

      expect(told.output).toMatch(/^ +\d+\.\d{3} s {2}member \d {2}signs prepare \d+\/\d+ [0-9a-f]{6}$/m);
      expect(told.output).toMatch(/^miner 1: /m);
      expect(told.output).toMatch(new RegExp(`0 violations, digest ${second.digest}`));
      const chart = readFileSync(file("chart.html"), "utf8");
      for (const name of ["member 0", "miner 1"]) expect(chart).toContain(`>${name}</text>`);
      expect(chart).toMatch(/marker-end/);
    },
    TIMEOUT_MS,
  );

  it("says what it cannot do", async () => {
    const { code, output } = await simulate("--seed", "5", "--recovery", "minersForget", "--shrink");
    expect(code).toBe(2);
    expect(output).toContain("LEVEL_UNSUPPORTED");
    const unknown = await simulate("--seed", "5", "--recovery", "earthquake");
    expect(unknown.code).toBe(2);
    expect(unknown.output).toContain("cases are lostForGood, ");
  });
});
