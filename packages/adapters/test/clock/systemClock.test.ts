import { describe, expect, it } from "@jest/globals";
import { createSystemClock } from "../../src/clock/systemClock.ts";

describe("createSystemClock", () => {
  it("calls a timer later, and never one that was cancelled", async () => {
    const clock = createSystemClock();
    const startedMs = clock.nowMs();
    const fired: string[] = [];
    clock.setTimer(1, () => fired.push("cancelled")).cancel();
    const elapsed = new Promise<void>((resolve) => {
      clock.setTimer(2, () => {
        fired.push("kept");
        resolve();
      });
    });
    expect(fired).toEqual([]);
    await elapsed;
    expect(fired).toEqual(["kept"]);
    expect(clock.nowMs()).toBeGreaterThan(startedMs);
  });
});
