import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS } from "../../src/limits.ts";
import { ReceiveMeter } from "../../src/peer/receiveMeter.ts";
import { TokenBucket } from "../../src/peer/tokenBucket.ts";

describe("TokenBucket", () => {
  it("grants its burst at once, then its rate, and never more than its burst", () => {
    const bucket = new TokenBucket(10, 5, 0);
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.take(1, 0))).toEqual([true, true, true, true, true, false]);
    expect(bucket.take(1, 99)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
    expect(bucket.take(5, 1_000_000)).toBe(true);
    expect(bucket.take(1, 1_000_000)).toBe(false);
  });

  it("takes nothing when it refuses, and is not fooled by time going back", () => {
    const bucket = new TokenBucket(1, 5, 1_000);
    expect(bucket.take(6, 1_000)).toBe(false);
    expect(bucket.take(5, 500)).toBe(true);
    expect(bucket.take(1, 1_900)).toBe(false);
    expect(bucket.take(1, 2_000)).toBe(true);
  });
});

describe("ReceiveMeter", () => {
  const allowance = { messagesPerSecond: 1, messagesBurst: 3, bytesPerSecond: 10, bytesBurst: 100 };
  const allowances = { ...DEFAULT_NETWORK_LIMITS.allowances, fruits: allowance };

  it("limits messages and bytes of a class, and each class on its own", () => {
    const meter = new ReceiveMeter(allowances, 0);
    expect(meter.admit("fruits", 101, 0)).toBe(false);
    expect(meter.admit("fruits", 90, 0)).toBe(true);
    expect(meter.admit("fruits", 20, 0)).toBe(false);
    expect(meter.admit("fruits", 5, 0)).toBe(true);
    expect(meter.admit("fruits", 5, 0)).toBe(true);
    expect(meter.admit("fruits", 0, 0)).toBe(false);
    expect(meter.admit("consensus", 5, 0)).toBe(true);
    expect(meter.admit("fruits", 10, 1_000)).toBe(true);
  });
});
