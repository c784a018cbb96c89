// Rewards by numbers computed by hand: a reward of 1,000,000 wei per snail block, 4 fruits expected, 100 seats.
import { type ChainSpec, DEFAULT_REWARD_RULES } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import { type Certificate, type Committee, type Fruit, type SnailBlock, signersBitmap } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { computeRewards, divideFeePot } from "../../src/block/computeRewards.ts";
import { countCertificate, NO_PARTICIPATION, paidMembers } from "../../src/chain/participation.ts";
import { FakeSnail, FRUIT_MINER, MINER } from "../chain/fakeSnail.ts";
import { aSpec, OWNERS, PAYOUTS } from "../chain/members.ts";

const REWARD_WEI = 1_000_000n;
/** Rounder parts than the shipped ones, so that a reader can follow. */
const SPLIT = { committee: 20, fruits: 65, packing: 10, block: 5 };
const SPEC: ChainSpec = aSpec({ rewards: { ...DEFAULT_REWARD_RULES, initialRewardWei: REWARD_WEI, split: SPLIT } });
const [PAYOUT_0, PAYOUT_1, PAYOUT_2, PAYOUT_3] = PAYOUTS;
const COMMITTEE: Committee = { epoch: 0, members: SPEC.genesisValidators };
const snail = new FakeSnail();

function aCertificate(signers: readonly number[], epoch = 0): Certificate {
  const blockHash = `0x${"cc".repeat(32)}` as Certificate["blockHash"];
  return {
    kind: "committed",
    epoch,
    view: 1,
    blockHash,
    signers: signersBitmap(signers),
    signature: new Uint8Array(1),
  };
}

function aSnailBlock(fruits: readonly Fruit[], changes: Partial<SnailBlock["header"]> = {}): SnailBlock {
  const { header } = snail.mine({ number: 0, hash: OWNERS[0] as never }, fruits);
  return { header: { ...header, number: 1, ...changes }, fruits, certificate: null };
}

function fruits(count: number, changes: Partial<SnailBlock["header"]> = {}): readonly Fruit[] {
  return Array.from({ length: count }, () => snail.fruit(OWNERS[0], changes));
}

const UNPUNISHED = { committee: COMMITTEE, slashed: [] };

function paid(changes: Partial<Parameters<typeof computeRewards>[0]> = {}): Record<Address, bigint> {
  const payments = computeRewards({
    spec: SPEC,
    snailBlock: aSnailBlock([]),
    committee: COMMITTEE,
    slashed: [],
    participation: NO_PARTICIPATION,
    certificate: null,
    proposerPayout: PAYOUT_0,
    ...changes,
  });
  expect(new Set(payments.map(({ to }) => to)).size).toBe(payments.length);
  return Object.fromEntries(payments.map(({ to, amountWei }) => [to, amountWei]));
}

/** 20 % less the proposer's tenth of it, per seat: 1,800 wei; 25 seats each. */
const SEATS_25 = 45_000n;

describe("miners", () => {
  it("earn their parts per expected fruits, for packing them, and for the block", () => {
    const payments = paid({ snailBlock: aSnailBlock(fruits(4)) });
    expect(payments[FRUIT_MINER]).toBe(650_000n);
    expect(payments[MINER]).toBe(100_000n + 50_000n);
  });

  it("earn per fruit, not per block: none, fewer or more than expected", () => {
    expect(paid()[FRUIT_MINER]).toBeUndefined();
    expect(paid()[MINER]).toBe(50_000n);
    expect(paid({ snailBlock: aSnailBlock(fruits(1)) })).toMatchObject({ [FRUIT_MINER]: 162_500n, [MINER]: 75_000n });
    expect(paid({ snailBlock: aSnailBlock(fruits(8)) })).toMatchObject({
      [FRUIT_MINER]: 1_300_000n,
      [MINER]: 250_000n,
    });
  });

  it("earn less for a fruit easier than its packer's, and no more for a harder one", () => {
    expect(paid({ snailBlock: aSnailBlock(fruits(1, { fruitDifficulty: 500n })) })[FRUIT_MINER]).toBe(81_250n);
    expect(paid({ snailBlock: aSnailBlock(fruits(1, { fruitDifficulty: 9_000n })) })[FRUIT_MINER]).toBe(162_500n);
    // floor(162,500 x 333 / 1,000): rounded down, the rest is not minted.
    expect(paid({ snailBlock: aSnailBlock(fruits(1, { fruitDifficulty: 333n })) })[FRUIT_MINER]).toBe(54_112n);
    const easiest = aSnailBlock(fruits(1), { difficulty: 1n });
    expect(paid({ snailBlock: easiest })[FRUIT_MINER]).toBe(162_500n);
  });

  it("are paid in one sum when they packed their own fruits", () => {
    const snailBlock = aSnailBlock(fruits(2, { payout: MINER }));
    expect(paid({ snailBlock })[MINER]).toBe(325_000n + 50_000n + 50_000n);
  });

  it("earn two per cent less in the next era", () => {
    expect(paid({ snailBlock: aSnailBlock([], { number: 4_500 }) })[MINER]).toBe(49_000n);
  });
});

describe("the committee", () => {
  it("earns by seats; the proposer a tenth on top, as far as the certificate it carries holds votes", () => {
    expect(paid()[PAYOUT_0]).toBe(SEATS_25);
    expect(paid({ certificate: aCertificate([0, 1, 2, 3]) })[PAYOUT_0]).toBe(SEATS_25 + 20_000n);
    expect(paid({ certificate: aCertificate([0, 1, 2]) })[PAYOUT_0]).toBe(SEATS_25 + 15_000n);
    expect(paid({ certificate: aCertificate([0, 1, 2, 3]) })[PAYOUT_1]).toBe(SEATS_25);
  });

  it("earns nothing extra by the certificate of another committee", () => {
    expect(paid({ certificate: aCertificate([0, 1, 2, 3], 7) })[PAYOUT_0]).toBe(SEATS_25);
  });

  it("never mints more than the reward, at the expected number of fruits", () => {
    const all = paid({ snailBlock: aSnailBlock(fruits(4)), certificate: aCertificate([0, 1, 2, 3]) });
    expect(Object.values(all).reduce((sum, wei) => sum + wei, 0n)).toBe(REWARD_WEI);
  });

  it("pays a member that signed at least half of the certificates in full, and another nothing", () => {
    let participation = countCertificate(NO_PARTICIPATION, aCertificate([0, 1, 2]), COMMITTEE);
    participation = countCertificate(participation, aCertificate([0, 1, 3]), COMMITTEE);
    participation = countCertificate(participation, aCertificate([0, 1, 2]), COMMITTEE);
    participation = countCertificate(participation, aCertificate([0, 1, 2]), COMMITTEE);
    expect(participation.certificates).toBe(4);
    expect(paidMembers(participation, COMMITTEE).map(({ payout }) => payout)).toEqual([PAYOUT_0, PAYOUT_1, PAYOUT_2]);
    const payments = paid({ participation });
    expect(payments[PAYOUT_2]).toBe(SEATS_25);
    expect(payments[PAYOUT_3]).toBeUndefined();
    participation = countCertificate(NO_PARTICIPATION, aCertificate([0, 1, 2]), COMMITTEE);
    participation = countCertificate(participation, aCertificate([0, 1, 3]), COMMITTEE);
    expect(paidMembers(participation, COMMITTEE)).toHaveLength(4);
  });

  it("pays everybody while no certificate is on chain yet", () => {
    expect(Object.keys(paid())).toEqual(expect.arrayContaining([...PAYOUTS]));
  });
});

describe("the slashed", () => {
  const slashed = [{ address: OWNERS[2], untilEpoch: 0 }];

  it("sit until the end of the epoch without pay, from rewards and from the pot", () => {
    expect(paid({ slashed })[PAYOUT_2]).toBeUndefined();
    expect(paid({ slashed })[PAYOUT_3]).toBe(SEATS_25);
    const pot = divideFeePot(750n, { committee: COMMITTEE, slashed }, NO_PARTICIPATION);
    expect(pot).toEqual([PAYOUT_0, PAYOUT_1, PAYOUT_3].map((to) => ({ to, amountWei: 250n })));
  });
});

describe("the fee pot", () => {
  it("is divided per seat among the paid members; what does not divide stays", () => {
    const participation = countCertificate(NO_PARTICIPATION, aCertificate([0, 1, 2]), COMMITTEE);
    expect(divideFeePot(1_000n, UNPUNISHED, participation)).toEqual(
      [PAYOUT_0, PAYOUT_1, PAYOUT_2].map((to) => ({ to, amountWei: 25n * 13n })),
    );
  });

  it("is left alone when it holds less than a wei per seat, or nobody is to be paid", () => {
    expect(divideFeePot(99n, UNPUNISHED, NO_PARTICIPATION)).toEqual([]);
    expect(divideFeePot(1_000n, UNPUNISHED, { certificates: 1, signed: new Map() })).toEqual([]);
  });
});
