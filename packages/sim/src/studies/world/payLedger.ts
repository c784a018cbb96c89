// Who was paid what for snail blocks, and whether it all adds up: what the rules list, against what their wording says.
import { type ChainSpec, snailRewardWei } from "@festina/chainspec";
import { type Supply, totalSupplyWei } from "@festina/fastchain";
import type { Address } from "@festina/primitives";
import type { Payment, SnailBlock } from "@festina/types";

/** What docs/spec/rewards.md lets a snail block mint when every member signed and the proposer included all. */
export function mintedWei(spec: ChainSpec, { header, fruits }: SnailBlock): bigint {
  const { split } = spec.rewards;
  const rewardWei = snailRewardWei(spec.rewards, header.number);
  const perBlock = BigInt(spec.preset.fruitsPerBlock);
  const part = (percent: number): bigint => (rewardWei * BigInt(percent)) / 100n;
  const expected = header.difficulty / perBlock > 1n ? header.difficulty / perBlock : 1n;
  let sum = part(split.block);
  for (const fruit of fruits) {
    const worth = fruit.header.fruitDifficulty < expected ? fruit.header.fruitDifficulty : expected;
    sum += ((part(split.fruits) / perBlock) * worth) / expected;
    sum += part(split.packing) / perBlock;
  }
  const seats = BigInt(spec.genesisValidators.reduce((total, validator) => total + validator.seats, 0));
  const proposer = part(split.committee) / 10n;
  return sum + proposer + ((part(split.committee) - proposer) / seats) * seats;
}

export class PayLedger {
  readonly #spec: ChainSpec;
  readonly #balances = new Map<Address, bigint>();
  #supply: Supply;
  #blocks = 0;

  constructor(spec: ChainSpec) {
    this.#spec = spec;
    let genesisWei = 0n;
    for (const { address, balanceWei } of spec.genesisAccounts) {
      this.#balances.set(address, balanceWei);
      genesisWei += balanceWei;
    }
    this.#supply = {
      genesisWei,
      rewardsWei: 0n,
      baseFeeBurnedWei: 0n,
      slashBurnedWei: 0n,
      selfDestructBurnedWei: 0n,
    };
  }

  /** Snail blocks paid for, each of them checked. */
  get blocks(): number {
    return this.#blocks;
  }

  balanceWei(of: Address): bigint {
    return this.#balances.get(of) ?? 0n;
  }

  /** What is wrong with the supply afterwards, if anything. */
  pay(block: SnailBlock, payments: readonly Payment[]): string | null {
    this.#blocks += 1;
    for (const { to, amountWei } of payments) this.#balances.set(to, this.balanceWei(to) + amountWei);
    this.#supply = { ...this.#supply, rewardsWei: this.#supply.rewardsWei + mintedWei(this.#spec, block) };
    let sumWei = 0n;
    for (const wei of this.#balances.values()) sumWei += wei;
    const dueWei = totalSupplyWei(this.#supply);
    return sumWei === dueWei
      ? null
      : `snail block ${block.header.number}: balances are ${sumWei - dueWei} wei above genesis + rewards - burned`;
  }
}
