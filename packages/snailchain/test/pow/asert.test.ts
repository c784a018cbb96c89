import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { computeAsertDifficulty, DIFFICULTY_MAX } from "../../src/index.ts";

const BASE = {
  genesisDifficulty: 1_000_000n,
  halfLifeSeconds: 60,
  targetSeconds: 10,
  fruitsPerBlock: 10,
  packedFruits: 0,
  elapsedSeconds: 0,
};
const difficulty = (changes: Partial<typeof BASE>): bigint => computeAsertDifficulty({ ...BASE, ...changes });

describe("ASERT", () => {
  it("gives the vectors", () => {
    // [packed fruits, elapsed seconds] -> 10^6 * 2^((packed - elapsed) / 60), in 16-bit steps of the exponent.
    const vectors: [number, number, bigint][] = [
      [0, 0, 1_000_000n],
      [60, 0, 2_000_000n],
      [0, 60, 500_000n],
      [60, 60, 1_000_000n],
      [660, 600, 2_000_000n],
      [600, 720, 250_000n],
      [30, 0, 1_414_093n],
      [0, 30, 707_046n],
      [1, 0, 1_011_657n],
    ];
    for (const [packedFruits, elapsedSeconds, expected] of vectors) {
      expect([packedFruits, elapsedSeconds, difficulty({ packedFruits, elapsedSeconds })]).toEqual([
        packedFruits,
        elapsedSeconds,
        expected,
      ]);
    }
  });

  it("stays within its bounds for any history", () => {
    expect(difficulty({ elapsedSeconds: 10_000_000 })).toBe(1n);
    expect(difficulty({ packedFruits: 10_000_000 })).toBe(DIFFICULTY_MAX);
    expect(difficulty({ genesisDifficulty: 1n, elapsedSeconds: 1 })).toBe(1n);
  });

  it("is within 0.03 % of the exact power, and never falls when more fruits are packed", () => {
    const history = fc.record({
      packedFruits: fc.integer({ min: 0, max: 1_000 }),
      elapsedSeconds: fc.integer({ min: -15, max: 1_000 }),
    });
    fc.assert(
      fc.property(history, (at) => {
        const genesisDifficulty = 10n ** 18n;
        const got = difficulty({ ...at, genesisDifficulty });
        const exact = 1e18 * 2 ** ((at.packedFruits - at.elapsedSeconds) / 60);
        expect(Math.abs(Number(got) / exact - 1)).toBeLessThan(3e-4);
        expect(difficulty({ ...at, genesisDifficulty, packedFruits: at.packedFruits + 1 })).toBeGreaterThan(got);
      }),
      { numRuns: 200 },
    );
  });

  it("flaw 9: counts packed fruits, so hiding blocks does not make the next one easier", () => {
    // The same fruits over the same time, in however many blocks, give the same difficulty: blocks are no input at all.
    expect(Object.keys(BASE)).not.toContain("blocks");
    expect(difficulty({ packedFruits: 40, elapsedSeconds: 40 })).toBe(BASE.genesisDifficulty);
  });

  it("answers a change of hash rate within a few half-lives", () => {
    // Expected times instead of luck: a fruit takes difficulty / 10 / rate seconds.
    let packedFruits = 0;
    let elapsedSeconds = 0;
    const runFor = (fruits: number, rate: number): number => {
      const started = elapsedSeconds;
      for (let i = 0; i < fruits; i++) {
        const current = difficulty({ packedFruits, elapsedSeconds: Math.floor(elapsedSeconds) });
        elapsedSeconds += Number(current) / BASE.fruitsPerBlock / rate;
        packedFruits++;
      }
      return (elapsedSeconds - started) / fruits;
    };
    expect(runFor(300, 100_000)).toBeCloseTo(1, 1);
    runFor(300, 400_000);
    expect(runFor(300, 400_000)).toBeCloseTo(1, 1);
    runFor(300, 20_000);
    expect(runFor(300, 20_000)).toBeCloseTo(1, 1);
  });
});
