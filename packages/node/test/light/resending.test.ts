import type { NodeId } from "@festina/network";
import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { dueAfterMs, hasGivenUp, isForgotten, receiversOf } from "../../src/light/resending.ts";
import { decodeSentRecord } from "../../src/light/sentStore.ts";

const idOf = (index: number) => `0x${index.toString(16).padStart(64, "0")}` as NodeId;
const peers = Array.from({ length: 6 }, (_, index) => ({ nodeId: idOf(index) }));

describe("sending again", () => {
  it("comes more and more seldom, and ends", () => {
    const pauses = Array.from({ length: 40 }, (_, times) => dueAfterMs(times));
    expect(pauses.slice(0, 3)).toEqual([4_000, 8_000, 16_000]);
    expect(pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] as number))).toBe(true);
    expect(Math.max(...pauses, dueAfterMs(100_000))).toBe(300_000);
    expect([hasGivenUp(0), hasGivenUp(29), hasGivenUp(30)]).toEqual([false, false, true]);
    expect([isForgotten(0, 24 * 3_600_000), isForgotten(0, 24 * 3_600_001)]).toEqual([false, true]);
  });

  it("goes to who has not got it, then to who got it longest ago", () => {
    expect(receiversOf(peers, new Set())).toEqual([0, 1, 2, 3].map(idOf));
    expect(receiversOf(peers, new Set([0, 1, 2].map(idOf)))).toEqual([3, 4, 5, 0].map(idOf));
    expect(receiversOf(peers, new Set([5, 3, 4, 2, 1, 0].map(idOf)))).toEqual([5, 3, 4, 2].map(idOf));
    // Who was told and is gone is not sent to.
    expect(receiversOf(peers.slice(0, 2), new Set([9, 1, 0].map(idOf)))).toEqual([1, 0].map(idOf));
    expect(receiversOf([], new Set([idOf(1)]))).toEqual([]);
  });
});

describe("the record of what waits", () => {
  it("is read to a value or a code, whatever its bytes are", () => {
    const random = createPrng(11);
    for (let round = 0; round < 2_000; round++) {
      const decoded = decodeSentRecord(random.bytes(random.below(60)));
      if (!decoded.ok) expect(decoded.error.code).toMatch(/^[A-Z_]+$/);
    }
  });
});
