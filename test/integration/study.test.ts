// `npm run study` as its user runs it, in a process of its own, where it runs several times as fast as here.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { runScript } from "../endToEnd/runScript.ts";

/** Twenty nodes and 200,000 fruits take half a minute; fewer blocks would not outlast a swing by the schedule's half-life. */
const TIMEOUT_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), "festina-study-test-"));
const study = (...args: readonly string[]) => runScript("study.mjs", args, TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the study of difficulty", () => {
  it(
    "holds the pace through swings of power and wrong times, and all nodes agree",
    async () => {
      const jsonFile = join(folder, "difficulty.json");
      const { exitCode, output } = await study(
        "difficulty",
        "--blocks",
        "2000",
        "--json",
        jsonFile,
        "--charts",
        folder,
      );
      expect(output).toMatch(/2000 snail blocks in [\d.]+ days, 20 nodes, latency 0 to 10000 ms/);
      expect(output).toMatch(/blocks taken back at once by a node +times\n1 /);
      expect(output).toMatch(/supply checked at 2000 payments/);
      expect(exitCode).toBe(0);
      const { findings, figures, seed } = JSON.parse(readFileSync(jsonFile, "utf8"));
      expect({ findings, seed }).toEqual({ findings: [], seed: 1 });
      expect(Math.abs(figures.fruitDeviation)).toBeLessThan(0.02);
      expect(figures.phases).toHaveLength(8);
      expect(readdirSync(folder)).toContain("difficulty.svg");
      expect(readFileSync(join(folder, "difficulty.svg"), "utf8")).toMatch(
        /^<svg xmlns="[^"]+"[\s\S]*<polyline [\s\S]*<\/svg>\n$/,
      );
    },
    TIMEOUT_MS,
  );
});

describe("what makes no sense", () => {
  it.each([
    ["STUDY_UNKNOWN: studies are capture, difficulty, selfish, fairness, coupling", ["astrology"]],
    ["STUDY_UNKNOWN: studies are", []],
    ["STUDY_UNKNOWN: one study at a time", ["capture", "selfish"]],
    ["OPTION_INVALID: difficulty counts blocks, not elections", ["difficulty", "--elections", "5000"]],
    ["OPTION_INVALID: --blocks is a whole number from 1600", ["difficulty", "--blocks", "3"]],
    ["OPTION_INVALID: --seed is a whole number", ["capture", "--seed", "x"]],
    ["OPTION_INVALID: Unknown option '--bocks'", ["difficulty", "--bocks", "3"]],
  ] as const)(
    "is refused: %s",
    async (reason, args) => {
      const { exitCode, errors } = await study(...args);
      expect(errors).toContain(reason);
      expect(errors).toContain("usage: npm run study -- NAME");
      expect(exitCode).toBe(2);
    },
    TIMEOUT_MS,
  );

  it(
    "is no matter where help is asked for",
    async () => {
      const { exitCode, output } = await study("--help");
      expect(output).toContain("  capture     how often an attacker gets more than a third of the seats");
      expect(exitCode).toBe(0);
    },
    TIMEOUT_MS,
  );
});
