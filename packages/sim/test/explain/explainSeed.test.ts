import { describe, expect, it } from "@jest/globals";
import { explainSeed, type FaultPlan } from "../../src/index.ts";
import { CALM_LINKS } from "../../src/world/network.ts";

const plan: FaultPlan = {
  members: 4,
  links: CALM_LINKS,
  strikes: [{ kind: "crash", atMs: 1_500, lengthMs: 500, target: 2, amount: 0 }],
  faulty: new Map([[1, "silent"]]),
  stopMs: 3_000,
  endMs: 4_000,
};

describe("an explanation", () => {
  const { text, html, report } = explainSeed({ seed: 3, profile: "byzantine", plan });

  it("tells the plan, and who did what in which view", () => {
    expect(text).toContain("member 1: silent");
    expect(text).toContain("1.5 s: crash, member 2, for 0.5 s");
    const timeline = text.join("\n");
    expect(timeline).toMatch(/^ +\d+\.\d{3} s {2}member 2 {2}signs prepare 0\/1 [0-9a-f]{6}$/m);
    expect(timeline).toMatch(/ 1\.500 s {2}member 2 {2}crashes/);
    expect(timeline).toMatch(/member 3 {2}final 1 [0-9a-f]{6}/);
    expect(timeline).not.toMatch(/BROKEN/);
  });

  it("draws the same as a chart that needs no other file", () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/(?:src|href)=/);
    for (const index of [0, 1, 2, 3]) expect(html).toContain(`>member ${index}</text>`);
    expect(html).toMatch(/marker-end/);
    expect(html).toMatch(/crashes/);
  });

  it("is of the very run", () => {
    expect(explainSeed({ seed: 3, profile: "byzantine", plan }).report.digest).toBe(report.digest);
  });

  it("shows what members heard close to where safety breaks", () => {
    const broken = explainSeed({ seed: 1, profile: "byzantine", excessSeats: 1 });
    expect(broken.report.violations.length).toBeGreaterThan(0);
    const told = broken.text.join("\n");
    expect(told).toMatch(/BROKEN I\d+ at \d+\.\d{3} s: /);
    expect(told).toMatch(/hears prepare \d+ [0-9a-f]{6} by \d from \d/);
    expect(told).toMatch(/has proof against/);
    expect(broken.html).toMatch(/class="broken">BROKEN I/);
  });
});
