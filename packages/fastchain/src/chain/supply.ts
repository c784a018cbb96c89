import type { RlpItem, RlpReader } from "@festina/primitives";
import { rlpInteger } from "@festina/primitives";

/** All wei ever made and unmade: genesis + rewards - burned = sum of all balances. */
export interface Supply {
  readonly genesisWei: bigint;
  readonly rewardsWei: bigint;
  readonly baseFeeBurnedWei: bigint;
  readonly slashBurnedWei: bigint;
  readonly selfDestructBurnedWei: bigint;
}

export function totalSupplyWei(supply: Supply): bigint {
  const burned = supply.baseFeeBurnedWei + supply.slashBurnedWei + supply.selfDestructBurnedWei;
  return supply.genesisWei + supply.rewardsWei - burned;
}

export function supplyItem(supply: Supply): RlpItem {
  return [
    rlpInteger(supply.genesisWei),
    rlpInteger(supply.rewardsWei),
    rlpInteger(supply.baseFeeBurnedWei),
    rlpInteger(supply.slashBurnedWei),
    rlpInteger(supply.selfDestructBurnedWei),
  ];
}

export function readSupply(reader: RlpReader): Supply {
  return {
    genesisWei: reader.bigint("genesis"),
    rewardsWei: reader.bigint("rewards"),
    baseFeeBurnedWei: reader.bigint("baseFeeBurned"),
    slashBurnedWei: reader.bigint("slashBurned"),
    selfDestructBurnedWei: reader.bigint("selfDestructBurned"),
  };
}
