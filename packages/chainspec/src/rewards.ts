import type { RewardRules } from "./chainSpec.ts";

/**
 * TrueChain's emission: 115.555… coins per snail block, two per cent less after each 4,500 (reference section 5.1). Little of
 * it goes with blocks and with packing: that part a miner can enlarge by keeping back what it should show (docs/adr/0025).
 */
export const DEFAULT_REWARD_RULES: RewardRules = {
  initialRewardWei: 115_555_555_555_555_000_000n,
  decayPercent: 2,
  decayPeriodBlocks: 4_500,
  split: { committee: 20, fruits: 77, packing: 1, block: 2 },
};

/** Later eras pay nothing measurable; the bound keeps the loop short whatever number is asked for. */
const DECAY_STEPS_MAX = 4_000;

/** The whole reward of snail block `snailNumber`, in wei; genesis pays nothing. Integer arithmetic, rounding down per step. */
export function snailRewardWei(rules: RewardRules, snailNumber: number): bigint {
  if (snailNumber < 1) return 0n;
  const steps = Math.min(Math.floor(snailNumber / rules.decayPeriodBlocks), DECAY_STEPS_MAX);
  const kept = BigInt(100 - rules.decayPercent);
  let reward = rules.initialRewardWei;
  for (let step = 0; step < steps && reward > 0n; step++) reward = (reward * kept) / 100n;
  return reward;
}
