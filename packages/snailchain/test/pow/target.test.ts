import { createHash } from "node:crypto";
import { hexToBytes, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  computeFruitDifficulty,
  computePowWins,
  computeTarget,
  keccakPowEngine,
  type PowEngine,
} from "../../src/index.ts";

describe("targets", () => {
  it("gives every result at difficulty 1, and a share of 1 / difficulty above", () => {
    expect(computeTarget(1n)).toBe(2n ** 128n - 1n);
    expect(computeTarget(3n)).toBe((2n ** 128n - 1n) / 3n);
    const results = Array.from({ length: 2_000 }, (_, i) =>
      computePowWins(keccakPowEngine, ZERO_HASH, BigInt(i), { difficulty: 10n, fruitDifficulty: 4n }, ZERO_HASH),
    );
    const share = (won: boolean[]): number => won.filter(Boolean).length / won.length;
    expect(share(results.map(({ block }) => block))).toBeCloseTo(0.1, 1);
    expect(share(results.map(({ fruit }) => fruit))).toBeCloseTo(0.25, 1);
  });

  it("weighs the high half for blocks and the low half for fruits, borders included", () => {
    const engine = (hex: string): PowEngine => ({ name: "fixed", compute: () => hexToBytes(`0x${hex}`) });
    const target = computeTarget(1_000n).toString(16).padStart(32, "0");
    const above = (computeTarget(1_000n) + 1n).toString(16).padStart(32, "0");
    const at = { difficulty: 1_000n, fruitDifficulty: 1_000n };
    const wins = (high: string, low: string) => computePowWins(engine(high + low), ZERO_HASH, 0n, at, ZERO_HASH);
    expect(wins(target, above)).toEqual({ block: true, fruit: false });
    expect(wins(above, target)).toEqual({ block: false, fruit: true });
    expect(wins(target, target)).toEqual({ block: true, fruit: true });
    expect(
      computePowWins(engine("00".repeat(32)), ZERO_HASH, 0n, { difficulty: 0n, fruitDifficulty: -1n }, ZERO_HASH),
    ).toEqual({
      block: false,
      fruit: false,
    });
  });

  it("never asks less than one hash for a fruit", () => {
    expect(computeFruitDifficulty(1_009n, 100)).toBe(10n);
    expect(computeFruitDifficulty(3n, 100)).toBe(1n);
  });
});

describe("keccak engine", () => {
  it("hashes the seal and the nonce in eight bytes, big-endian", () => {
    const digest = Buffer.from(keccakPowEngine.compute(ZERO_HASH, 0x0102n)).toString("hex");
    // keccak256 of 38 zero bytes, 0x01, 0x02.
    expect(digest).toBe("0eb213382e7acf0b6c9fe751bf610c8af680831cd99a76eebd709535120a7dbc");
    expect(digest).not.toBe(createHash("sha3-256").update(Buffer.alloc(38)).update(Buffer.of(1, 2)).digest("hex"));
  });
});
