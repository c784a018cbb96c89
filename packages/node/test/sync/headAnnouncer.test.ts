import type { Clock } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { HeadAnnouncer } from "../../src/sync/headAnnouncer.ts";

function announcer() {
  let nowMs = 0;
  let told = 0;
  const clock = { nowMs: () => nowMs } as Clock;
  const heads = new HeadAnnouncer(clock, () => {
    told += 1;
  });
  const tellsIn = (pauseMs: number, happen: () => void): number => {
    nowMs += pauseMs;
    const before = told;
    happen();
    return told - before;
  };
  return { heads, tellsIn };
}

describe("the announcement of heads", () => {
  it("follows a block, and is not repeated at the next beat", () => {
    const { heads, tellsIn } = announcer();
    expect(tellsIn(0, () => heads.onBlock())).toBe(1);
    expect(tellsIn(1_000, () => heads.onBeat())).toBe(0);
    expect(tellsIn(1_000, () => heads.onBeat())).toBe(1);
  });

  it("leaves out blocks that follow each other at once, and tells the last of them with the beat", () => {
    const { heads, tellsIn } = announcer();
    expect(tellsIn(0, () => heads.onBlock())).toBe(1);
    expect(tellsIn(20, () => heads.onBlock())).toBe(0);
    expect(tellsIn(79, () => heads.onBlock())).toBe(0);
    expect(tellsIn(500, () => heads.onBeat())).toBe(1);
    expect(tellsIn(100, () => heads.onBlock())).toBe(1);
  });
});
