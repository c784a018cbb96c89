import { type ChainSpec, snailRewardWei } from "@festina/chainspec";
import { type Address, maxBigint, minBigint } from "@festina/primitives";
import {
  type Certificate,
  type Committee,
  type CommitteeMember,
  type Payment,
  type SnailBlock,
  signerIndexes,
  totalSeats,
} from "@festina/types";
import type { HybridState } from "../chain/hybridState.ts";
import { type Participation, paidMembers } from "../chain/participation.ts";

/** What the payment for a snail block is computed from. All of it is named by the paying block and its ancestry. */
export interface RewardInput {
  readonly spec: ChainSpec;
  /** The snail block that the pointer moves to. */
  readonly snailBlock: SnailBlock;
  readonly committee: Committee;
  /** Before the paying block. */
  readonly slashed: HybridState["slashed"];
  readonly participation: Participation;
  /** Carried by the paying block. */
  readonly certificate: Certificate | null;
  readonly proposerPayout: Address;
}

type MinerRewardInput = Pick<RewardInput, "spec" | "snailBlock">;

/** Of the committee's part, at most one in this many goes to the proposer. */
const PROPOSER_DIVISOR = 10n;

class Payments {
  readonly #amounts = new Map<Address, bigint>();

  add(to: Address, amountWei: bigint): void {
    if (amountWei > 0n) this.#amounts.set(to, (this.#amounts.get(to) ?? 0n) + amountWei);
  }

  /** One payment per address, in the order of first appearance. */
  list(): readonly Payment[] {
    return [...this.#amounts].map(([to, amountWei]) => ({ to, amountWei }));
  }
}

/**
 * Fruits earn a fixed amount each, less when easier than their packer's; packing a fruit earns a fixed amount, so that
 * it pays to pack others'; the block itself earns little, so that withholding blocks wins little.
 */
function payMiners(payments: Payments, { spec, snailBlock }: MinerRewardInput): void {
  const { header, fruits } = snailBlock;
  const fruitsPerBlock = BigInt(spec.preset.fruitsPerBlock);
  const { perFruitWei, perPackedFruitWei, perBlockWei } = minerRates(spec, header.number);
  const expectedDifficulty = maxBigint(1n, header.difficulty / fruitsPerBlock);
  for (const fruit of fruits) {
    const counted = minBigint(fruit.header.fruitDifficulty, expectedDifficulty);
    payments.add(fruit.header.payout, (perFruitWei * counted) / expectedDifficulty);
  }
  payments.add(header.payout, perPackedFruitWei * BigInt(fruits.length) + perBlockWei);
}

/** What miners are paid at snail block `snailNumber`: for a fruit of full difficulty, for packing one, for the block. */
export function minerRates(
  spec: ChainSpec,
  snailNumber: number,
): { readonly perFruitWei: bigint; readonly perPackedFruitWei: bigint; readonly perBlockWei: bigint } {
  const rewardWei = snailRewardWei(spec.rewards, snailNumber);
  const { split } = spec.rewards;
  const fruitsPerBlock = BigInt(spec.preset.fruitsPerBlock);
  return {
    perFruitWei: (rewardWei * BigInt(split.fruits)) / 100n / fruitsPerBlock,
    perPackedFruitWei: (rewardWei * BigInt(split.packing)) / 100n / fruitsPerBlock,
    perBlockWei: (rewardWei * BigInt(split.block)) / 100n,
  };
}

/** The miners' part of `computeRewards`, which is known as soon as the snail block is. */
export function computeMinerRewards(input: MinerRewardInput): readonly Payment[] {
  const payments = new Payments();
  payMiners(payments, input);
  return payments.list();
}

/** Whoever was slashed sits until the epoch's end, unpaid. */
function payees(
  participation: Participation,
  committee: Committee,
  slashed: HybridState["slashed"],
): readonly CommitteeMember[] {
  const isSlashed = new Set(slashed.map(({ address }) => address));
  return paidMembers(participation, committee).filter(({ address }) => !isSlashed.has(address));
}

function payCommittee(payments: Payments, input: RewardInput, rewardWei: bigint): void {
  const { committee, certificate } = input;
  const partWei = (rewardWei * BigInt(input.spec.rewards.split.committee)) / 100n;
  const seats = BigInt(totalSeats(committee));
  const proposerMaxWei = partWei / PROPOSER_DIVISOR;
  // Grows with the weight the proposer includes, so that leaving votes out costs it.
  const isOwn = certificate !== null && certificate.epoch === committee.epoch;
  const included = isOwn
    ? signerIndexes(certificate.signers).reduce((sum, index) => sum + (committee.members[index]?.seats ?? 0), 0)
    : 0;
  payments.add(input.proposerPayout, (proposerMaxWei * BigInt(included)) / seats);
  const perSeatWei = (partWei - proposerMaxWei) / seats;
  for (const member of payees(input.participation, committee, input.slashed)) {
    payments.add(member.payout, perSeatWei * BigInt(member.seats));
  }
}

/**
 * The payments for one snail block (DESIGN.md 4). Integers, rounded down; what is not paid is not minted, so nothing is
 * lost or made by rounding (flaw 20b of the original).
 */
export function computeRewards(input: RewardInput): readonly Payment[] {
  const rewardWei = snailRewardWei(input.spec.rewards, input.snailBlock.header.number);
  const payments = new Payments();
  payMiners(payments, input);
  payCommittee(payments, input, rewardWei);
  return payments.list();
}

/**
 * The pot of priority and sponsored fees in equal parts per paid seat, at the moment of a reward. The remainder stays
 * in the pot. Not listed in the requests: everyone computes it from the chain.
 */
export function divideFeePot(
  potWei: bigint,
  { committee, slashed }: Pick<HybridState, "committee" | "slashed">,
  participation: Participation,
): readonly Payment[] {
  const members = payees(participation, committee, slashed);
  const seats = members.reduce((sum, member) => sum + member.seats, 0);
  if (seats === 0) return [];
  const perSeatWei = potWei / BigInt(seats);
  return perSeatWei === 0n
    ? []
    : members.map(({ payout, seats: held }) => ({ to: payout, amountWei: perSeatWei * BigInt(held) }));
}
