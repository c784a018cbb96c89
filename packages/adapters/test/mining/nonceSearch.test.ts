import { keccakHash } from "@festina/crypto";
import { bytesToBigint, createPrng, ZERO_HASH } from "@festina/primitives";
import { keccakPowEngine } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import { measureHashRate } from "../../src/mining/measureHashRate.ts";
import { createSearchPace, RestBook, runBatch } from "../../src/mining/searchPace.ts";
import { createPowSearch } from "../../src/pow/createPowSearch.ts";

const HALF_MAX = (1n << 128n) - 1n;
const halves = (sealHash: ReturnType<typeof keccakHash>, nonce: bigint): [bigint, bigint] => {
  const result = keccakPowEngine.compute(sealHash, nonce);
  return [bytesToBigint(result.subarray(0, 16)), bytesToBigint(result.subarray(16))];
};

describe("keccak search kernel", () => {
  it("finds exactly the nonces that the engine calls winners", () => {
    const prng = createPrng(1);
    const search = createPowSearch("keccak").search;
    for (let round = 0; round < 20; round++) {
      const sealHash = keccakHash(prng.bytes(32));
      const blockTarget = HALF_MAX / BigInt(20 + prng.below(50));
      const fruitTarget = HALF_MAX / BigInt(5 + prng.below(20));
      const startNonce = round % 4 === 0 ? (1n << 64n) - 30n : BigInt(prng.next()) << 20n;
      search.begin({ workId: round, sealHash, powKey: ZERO_HASH, blockTarget, fruitTarget, startNonce });
      const found: bigint[] = [];
      for (let tried = search.hashes; search.hashes - tried < 100; ) {
        const nonce = search.run(100 - (search.hashes - tried));
        if (nonce !== null) found.push(nonce);
      }
      const expected: bigint[] = [];
      for (let i = 0n; i < 100n; i++) {
        const nonce = BigInt.asUintN(64, startNonce + i);
        const [high, low] = halves(sealHash, nonce);
        if (high <= blockTarget || low <= fruitTarget) expected.push(nonce);
      }
      expect(found).toEqual(expected);
    }
  });

  it("draws both borders where the engine draws them: equal wins, one less does not", () => {
    const search = createPowSearch("keccak").search;
    const sealHash = keccakHash(Uint8Array.of(1));
    const [high, low] = halves(sealHash, 77n);
    const wins = (blockTarget: bigint, fruitTarget: bigint): boolean => {
      search.begin({ workId: 1, sealHash, powKey: ZERO_HASH, blockTarget, fruitTarget, startNonce: 77n });
      return search.run(1) === 77n;
    };
    expect(wins(high, 0n)).toBe(true);
    expect(wins(high - 1n, 0n)).toBe(false);
    expect(wins(0n, low)).toBe(true);
    expect(wins(0n, low - 1n)).toBe(false);
    // The upper words equal, the lower ones decide.
    expect(wins((high >> 64n) << 64n, 0n)).toBe((high & ((1n << 64n) - 1n)) === 0n);
  });

  it("measures a hash rate", () => {
    expect(measureHashRate(20, "keccak")).toBeGreaterThan(10_000);
  });
});

describe("search pace", () => {
  const winless = { begin: () => {}, run: () => null, hashes: 0, noncesPerLook: 1 };

  it("rests so that the share is kept", () => {
    for (const cpuShare of [0.05, 0.25, 0.5, 1]) {
      let nowMs = 0;
      const pace = createSearchPace(cpuShare);
      const { restMs } = runBatch(winless, pace, () => (nowMs += 0.25));
      const spentMs = nowMs - 0.25;
      expect(spentMs / (spentMs + restMs)).toBeCloseTo(cpuShare, 5);
      expect(spentMs).toBeLessThanOrEqual(20.5);
    }
  });

  it("makes up for late waking, within bounds, and for no time without work", () => {
    const rests = new RestBook();
    let nowMs = 0;
    let restedMs = 0;
    for (let batch = 0; batch < 1_000; batch++) {
      nowMs += 5;
      const plannedMs = rests.begin(45, nowMs);
      // Each timer comes 3 ms late.
      nowMs += plannedMs + 3;
      restedMs += plannedMs + 3;
      rests.end(nowMs);
    }
    expect(restedMs / 45_000).toBeCloseTo(1, 3);
    expect(rests.begin(45, nowMs)).toBe(42);
    rests.end(nowMs + 60_000);
    expect([0, 1, 2, 3, 4].map(() => rests.begin(45, nowMs))).toEqual([0, 0, 0, 0, 25]);
    rests.end(nowMs + 60_000);
    rests.forget();
    expect(rests.begin(45, nowMs)).toBe(45);
  });

  it("ends a batch at a find and refuses shares outside (0, 1]", () => {
    let runs = 0;
    const lucky = { ...winless, run: () => (++runs === 2 ? 9n : null) };
    expect(runBatch(lucky, createSearchPace(1), () => 0).found).toBe(9n);
    expect(runs).toBe(2);
    for (const share of [0, -1, 1.1, Number.NaN]) expect(() => createSearchPace(share)).toThrow(RangeError);
  });
});
