import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS, type LaneLimit } from "../../src/limits.ts";
import { SendLanes } from "../../src/peer/sendLanes.ts";

function lanesWith(fruits: LaneLimit): SendLanes {
  return new SendLanes({ ...DEFAULT_NETWORK_LIMITS.lanes, fruits });
}

function drain(lanes: SendLanes): number[] {
  const order: number[] = [];
  for (let frame = lanes.shift(); frame !== undefined; frame = lanes.shift()) order.push(frame[0] as number);
  return order;
}

describe("SendLanes", () => {
  it("sends consensus before control before blocks before fruits before transactions, each in order", () => {
    const lanes = new SendLanes(DEFAULT_NETWORK_LIMITS.lanes);
    lanes.push("transactions", Uint8Array.of(8));
    lanes.push("fruits", Uint8Array.of(7));
    lanes.push("blocks", Uint8Array.of(5));
    lanes.push("blocks", Uint8Array.of(6));
    lanes.push("control", Uint8Array.of(4));
    expect(lanes.shift()).toEqual(Uint8Array.of(4));
    lanes.push("consensus", Uint8Array.of(1));
    lanes.push("consensus", Uint8Array.of(2));
    expect(lanes.isEmpty).toBe(false);
    expect(drain(lanes)).toEqual([1, 2, 5, 6, 7, 8]);
    expect(lanes.isEmpty).toBe(true);
  });

  it("drops the oldest where newer ones matter more", () => {
    const lanes = lanesWith({ framesMax: 2, bytesMax: 100, overflow: "dropOldest" });
    for (const number of [1, 2, 3]) expect(lanes.push("fruits", Uint8Array.of(number))).toBe(true);
    expect(lanes.framesLost).toBe(1);
    expect(drain(lanes)).toEqual([2, 3]);
  });

  it("refuses the newest where the sender must hear of it", () => {
    const lanes = lanesWith({ framesMax: 2, bytesMax: 100, overflow: "refuse" });
    expect([1, 2, 3].map((number) => lanes.push("fruits", Uint8Array.of(number)))).toEqual([true, true, false]);
    expect(drain(lanes)).toEqual([1, 2]);
    expect(lanes.push("fruits", Uint8Array.of(4))).toBe(true);
  });

  it("counts bytes, and an empty lane takes one frame of any size", () => {
    const lanes = lanesWith({ framesMax: 10, bytesMax: 10, overflow: "refuse" });
    expect(lanes.push("fruits", new Uint8Array(50).fill(1))).toBe(true);
    expect(lanes.push("fruits", Uint8Array.of(2))).toBe(false);
    lanes.shift();
    expect(lanes.push("fruits", new Uint8Array(6).fill(3))).toBe(true);
    expect(lanes.push("fruits", new Uint8Array(4).fill(4))).toBe(true);
    expect(lanes.push("fruits", Uint8Array.of(5))).toBe(false);
  });

  it("makes room for a large frame by dropping as many old ones as it takes", () => {
    const lanes = lanesWith({ framesMax: 10, bytesMax: 10, overflow: "dropOldest" });
    for (const number of [1, 2, 3, 4]) lanes.push("fruits", new Uint8Array(2).fill(number));
    lanes.push("fruits", new Uint8Array(7).fill(9));
    expect(drain(lanes)).toEqual([4, 9]);
  });
});
