import type { FastHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { computeNextBaseFee } from "../../src/index.ts";
import { aSpec } from "./members.ts";

const SPEC = aSpec();
const GAS_LIMIT = 30_000_000n;
const TARGET = GAS_LIMIT / 2n;

function after(gasUsed: bigint, baseFeePerGasWei = 1_000_000_000n, spec = SPEC): bigint {
  return computeNextBaseFee({ gasLimit: GAS_LIMIT, gasUsed, baseFeePerGasWei } as FastHeader, spec);
}

describe("the base fee", () => {
  it("follows EIP-1559: up by at least one, by an eighth at most, down to its floor", () => {
    expect(after(TARGET)).toBe(1_000_000_000n);
    expect(after(2n * TARGET)).toBe(1_125_000_000n);
    expect(after(0n)).toBe(875_000_000n);
    expect(after(TARGET + TARGET / 2n)).toBe(1_062_500_000n);
    expect(after(TARGET - TARGET / 2n)).toBe(937_500_000n);
    expect(after(TARGET + 1n)).toBe(1_000_000_008n);
    expect(after(TARGET + 1n, 10n)).toBe(11n);
    expect(after(0n, 7n)).toBe(7n);
  });

  it("stays where it was set below the floor until a block is more than half full", () => {
    for (const base of [0n, 1n, 6n]) {
      expect(after(0n, base)).toBe(base);
      expect(after(TARGET, base)).toBe(base);
      expect(after(TARGET + 1n, base)).toBe(base + 1n);
    }
  });

  it("moves in smaller steps where blocks come faster", () => {
    expect(after(2n * TARGET, 960n, { ...SPEC, baseFeeChangeDenominator: 96n })).toBe(970n);
  });
});
