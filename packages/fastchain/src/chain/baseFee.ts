import type { ChainSpec } from "@festina/chainspec";
import { maxBigint, minBigint } from "@festina/primitives";
import type { FastHeader } from "@festina/types";

/** The base fee after `parent` (EIP-1559, with the change denominator and elasticity of the chain spec). */
export function computeNextBaseFee(
  parent: Pick<FastHeader, "gasLimit" | "gasUsed" | "baseFeePerGasWei">,
  spec: ChainSpec,
): bigint {
  const target = parent.gasLimit / spec.baseFeeElasticity;
  const base = parent.baseFeePerGasWei;
  if (parent.gasUsed === target) return base;
  const distance = parent.gasUsed > target ? parent.gasUsed - target : target - parent.gasUsed;
  const change = (base * distance) / target / spec.baseFeeChangeDenominator;
  if (parent.gasUsed > target) return base + maxBigint(change, 1n);
  return maxBigint(base - change, minBigint(base, MIN_BASE_FEE_WEI));
}

/**
 * Below this the change rounds to nothing, and EIP-1559 stops there too. A fee that is lower already, as a developer may
 * set it on a development chain, stays until a block is more than half full.
 */
export const MIN_BASE_FEE_WEI = 7n;
