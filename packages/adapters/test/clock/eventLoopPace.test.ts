import { describe, expect, it } from "@jest/globals";
import { createEventLoopPace } from "../../src/index.ts";

describe("the event loop's pace", () => {
  it("rests only when execution has had its turn, and counts anew then", async () => {
    let nowMs = 100;
    const pace = createEventLoopPace({ turnMs: 4, nowMs: () => nowMs });
    nowMs = 103;
    expect(pace.rest()).toBeNull();
    nowMs = 104;
    const order: string[] = [];
    setImmediate(() => order.push("others"));
    const rest = pace.rest();
    expect(rest).not.toBeNull();
    nowMs = 110;
    await rest;
    expect(order).toEqual(["others"]);
    nowMs = 113;
    expect(pace.rest()).toBeNull();
    nowMs = 114;
    expect(pace.rest()).not.toBeNull();
  });
});
