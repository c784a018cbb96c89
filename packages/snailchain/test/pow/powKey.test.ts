import { ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { computePowKey, computePowSample, isPowReady, keccakPowEngine, type PowEngine } from "../../src/index.ts";
import { hash } from "../fakes.ts";

describe("sample of a data set", () => {
  it("is genesis for the first epoch, then 64 of 75 blocks of the epoch before", () => {
    const at = (number: number) => computePowSample(number, 12_000);
    expect(at(0)).toEqual({ epoch: 0, first: 0, last: 0 });
    expect(at(1)).toEqual({ epoch: 0, first: 0, last: 0 });
    expect(at(12_000)).toEqual({ epoch: 0, first: 0, last: 0 });
    expect(at(12_001)).toEqual({ epoch: 1, first: 1, last: 10_240 });
    expect(at(24_000)).toEqual({ epoch: 1, first: 1, last: 10_240 });
    expect(at(24_001)).toEqual({ epoch: 2, first: 12_001, last: 22_240 });
    expect(computePowSample(33, 32)).toEqual({ epoch: 1, first: 1, last: 27 });
  });

  it("always ends before the first block that needs it", () => {
    for (let number = 1; number < 300; number++)
      for (const epochBlocks of [2, 3, 7, 32, 60])
        expect(computePowSample(number, epochBlocks).last).toBeLessThan(number);
  });

  it("is named by its newest block; engines without data sets ask nobody", () => {
    const engine: PowEngine = { ...keccakPowEngine, dataSets: { isReady: (powKey) => powKey === hash("27") } };
    const hashAt = (number: number) => (number <= 30 ? hash(`${number}`) : undefined);
    expect(computePowKey(engine, 40, 32, hashAt)).toBe(hash("27"));
    expect(computePowKey(engine, 65, 32, hashAt)).toBeUndefined();
    expect(isPowReady(engine, hash("27"))).toBe(true);
    expect(isPowReady(engine, hash("0"))).toBe(false);
    const refusing = () => {
      throw new Error("asked");
    };
    expect(computePowKey(keccakPowEngine, 40, 32, refusing)).toBe(ZERO_HASH);
    expect(isPowReady(keccakPowEngine, hash("0"))).toBe(true);
  });
});
