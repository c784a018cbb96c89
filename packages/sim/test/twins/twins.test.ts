import { describe, expect, it } from "@jest/globals";
import { createTwinsKeys, runTwinsCase, TWINS_CASES, twinsCase } from "../../src/index.ts";
import { listPartitions } from "../../src/twins/partitions.ts";

const SAMPLE = 2_000;
/** Co-prime to the number of cases: the sample meets every leader and partitions of every shape. */
const STRIDE = 7_919;

describe("listPartitions", () => {
  it("lists each once (Bell numbers)", () => {
    expect([1, 2, 3, 4, 5].map((processes) => listPartitions(processes).length)).toEqual([1, 2, 5, 15, 52]);
    expect(new Set(listPartitions(5).map(String)).size).toBe(52);
  });
});

describe("twinsCase", () => {
  it("counts through all leaders and partitions", () => {
    expect(TWINS_CASES).toBe(562_432);
    expect(twinsCase(0)).toEqual({ index: 0, epoch: 1, partitions: Array(3).fill([0, 0, 0, 0, 0]) });
    expect(twinsCase(TWINS_CASES - 1)).toEqual({
      index: TWINS_CASES - 1,
      epoch: 4,
      partitions: Array(3).fill([0, 1, 2, 3, 4]),
    });
    expect(twinsCase(1).partitions[2]).toEqual([0, 0, 0, 0, 1]);
  });
});

describe("runTwinsCase", () => {
  const keys = createTwinsKeys();

  it("finds one chain in a sample of the cases, and nobody accused but the twin", () => {
    let accused = 0;
    const broken: unknown[] = [];
    for (let at = 0; at < SAMPLE; at++) {
      const index = (at * STRIDE) % TWINS_CASES;
      const outcome = runTwinsCase(index, keys);
      if (outcome.violations.length > 0) broken.push({ index, violations: outcome.violations });
      if (outcome.accused.length > 0) accused += 1;
    }
    expect(broken).toEqual([]);
    // The twin is found out wherever both copies speak in one view and are heard.
    expect(accused).toBeGreaterThan(SAMPLE / 2);
  });

  it("gives the same outcome again", () => {
    expect(runTwinsCase(200_000, keys)).toEqual(runTwinsCase(200_000, createTwinsKeys()));
  });
});
