// Seeds of the simulator through the command that its users run, in a process of its own: the tests' sandbox would slow it
// down five times.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MISCHIEF_CLASSES } from "@festina/sim";
import { afterAll, describe, expect, it } from "@jest/globals";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bundle/runMain.cjs", import.meta.url));
const TIMEOUT_MS = 240_000;

interface Failure {
  readonly violations: readonly { readonly invariant: string }[];
  readonly forkedHeights: readonly number[];
  readonly faulty: readonly number[];
  readonly accused: readonly number[];
  readonly convicted: readonly number[];
}

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  readonly faults: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
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
    const file = join(folder, `report ${args.join(" ")}.json`);
    const { code, output } = await simulate(...args, "--json", file);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("0 failed") });
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  }

  it(
    "passes 200 seeds in which everything goes wrong, and everything did",
    async () => {
      // Half in each process: machines have two cores.
      const halves = ["1..100", "101..200"].map((seeds) => reportOf("--seeds", seeds, "--profile", "mixed"));
      const [first, second] = (await Promise.all(halves)) as [Report, Report];
      expect([first.passed, first.failures, second.passed, second.failures]).toEqual([100, [], 100, []]);
      expect(Object.keys(first.faults).filter((kind) => first.faults[kind] === 0 && second.faults[kind] === 0)).toEqual(
        [],
      );
      const classes = new Set([first, second].flatMap(({ acts }) => Object.keys(acts)));
      expect([...classes].sort()).toEqual([...MISCHIEF_CLASSES].sort());
      expect({ ...first.classes, ...second.classes }).toHaveProperty(["forgetful disk"]);
    },
    TIMEOUT_MS,
  );

  it(
    "with more than f dishonest seats it shows the fork, and proof names nobody but the guilty",
    async () => {
      const file = join(folder, "forks.json");
      const { code } = await simulate(
        "--seeds",
        "1..60",
        "--profile",
        "byzantine",
        "--byzantine-weight",
        "f+1",
        "--json",
        file,
      );
      expect(code).toBe(1);
      const { failures } = JSON.parse(readFileSync(file, "utf8")) as Report;
      const forks = failures.filter(({ forkedHeights }) => forkedHeights.length > 0);
      expect(forks.length).toBeGreaterThan(30);
      for (const { faulty, accused, convicted } of forks) {
        expect(convicted).not.toEqual([]);
        // Honest members have proof against everyone whom the certificates convict, and against nobody who kept the rules.
        expect(accused).toEqual(expect.arrayContaining([...convicted]));
        expect(faulty).toEqual(expect.arrayContaining([...accused]));
      }
      const broken = failures.flatMap(({ violations }) => violations.map(({ invariant }) => invariant));
      expect(broken).not.toContain("I12");
    },
    TIMEOUT_MS,
  );

  it(
    "shrinks a failing seed, explains it and draws it",
    async () => {
      const chart = join(folder, "chart.html");
      const run = ["--seed", "1", "--profile", "byzantine", "--byzantine-weight", "f+1"];
      const { code, output } = await simulate(...run, "--shrink", "--explain", "--html", chart);
      expect(code).toBe(1);
      expect(output).toMatch(/the smallest failing run found in \d+ runs:/);
      expect(output).toMatch(/BROKEN I[123] at/);
      expect(output).toMatch(/proof against: member \d/);
      expect(readFileSync(chart, "utf8")).toMatch(/<svg/);
    },
    TIMEOUT_MS,
  );

  it(
    "gives the same digest in another process",
    async () => {
      const first = await reportOf("--seeds", "5..9");
      const second = await reportOf("--seeds", "5..9");
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
    [["--seeds", "1..2", "--shrink"]],
    [["--seeds", "1..2", "--byzantine-weight", "all"]],
  ])("refuses %j", async (args) => {
    const { code, output } = await simulate(...args);
    expect(code).toBe(2);
    expect(output).toMatch(/error/);
  });
});
