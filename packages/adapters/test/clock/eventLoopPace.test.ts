import { describe, expect, it } from "@jest/globals";
import { createEventLoopPace } from "../../src/index.ts";

describe("the event loop's pace", () => {
  it("rests only when execution has had its turn, and counts anew when the loop has turned", async () => {
    let nowMs = 100;
    let turns = 0;
    const pace = createEventLoopPace({ turnMs: 4, nowMs: () => nowMs, turns: () => turns });
    expect(pace.rest()).toBeNull();
    nowMs = 103;
    expect(pace.rest()).toBeNull();
    nowMs = 104;
    expect(pace.rest()).not.toBeNull();
    turns += 1;
    expect(pace.rest()).toBeNull();
    nowMs = 107;
    expect(pace.rest()).toBeNull();
    nowMs = 108;
    expect(pace.rest()).not.toBeNull();
  });

  it("knows by itself when the loop has turned, and lets others run", async () => {
    const pace = createEventLoopPace({ turnMs: 0 });
    const order: string[] = [];
    setImmediate(() => order.push("others"));
    await pace.rest();
    expect(order).toEqual(["others"]);
    const patient = createEventLoopPace({ turnMs: 30 });
    patient.rest();
    const beganMs = performance.now();
    while (performance.now() - beganMs < 31);
    const rest = patient.rest();
    expect(rest).not.toBeNull();
    await rest;
    expect(patient.rest()).toBeNull();
  });
});
