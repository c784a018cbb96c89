import { describe, expect, it } from "@jest/globals";
import { DevTime } from "../src/devTime.ts";

const START_MS = 2_000_000_000_250;
const SECOND_MS = 2_000_000_001_000;

describe("the time of the next block", () => {
  const clock = { ms: START_MS };
  const begin = (sharesSeconds = false): DevTime => {
    clock.ms = START_MS;
    return new DevTime(() => clock.ms, sharesSeconds);
  };

  it("is the clock's, where the parent is in an earlier second", () => {
    expect(begin().take(START_MS - 251)).toBe(START_MS);
  });

  it("is in the second after the parent's otherwise, and the clock catches up", () => {
    const time = begin();
    const first = time.take(START_MS);
    const second = time.take(first);
    expect([first, second]).toEqual([SECOND_MS, SECOND_MS + 1_000]);
    expect(time.nowMs()).toBe(START_MS);
    clock.ms += 10_000;
    expect(time.take(second)).toBe(START_MS + 10_000);
  });

  it("is the clock's in any case where blocks may share seconds", () => {
    expect(begin(true).take(START_MS)).toBe(START_MS);
  });

  it("is the one that was chosen, once, and the clock goes on from it", () => {
    const time = begin();
    time.setNext(SECOND_MS * 2, 0);
    expect(time.peek(START_MS)).toBe(SECOND_MS * 2);
    expect(time.take(START_MS)).toBe(SECOND_MS * 2);
    expect(time.nowMs()).toBe(SECOND_MS * 2);
    expect(time.take(SECOND_MS * 2)).toBe(SECOND_MS * 2 + 1_000);
  });

  it("is a step after the parent's where one is set, whatever the clock says", () => {
    const time = begin();
    time.stepMs = 0;
    expect(time.take(START_MS)).toBe(START_MS);
    time.stepMs = 7_000;
    expect(time.take(START_MS)).toBe(START_MS + 7_000);
  });
});
