import type { Address } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";

/** What came of the searching so far. */
export interface MiningTally {
  fruits: number;
  blocks: number;
  /** Nonces that came too late: for another tip, or with a pointer that is not fresh any more. */
  stale: number;
  /** Refused for any other reason, by code. */
  readonly refused: Map<string, number>;
  /** By final blocks, since the start. */
  paidWei: bigint;
  /** By snail blocks that the fast chain has not passed yet; may still be lost to another branch. */
  dueWei: bigint;
  /** In an hour, at the present difficulty and the measured rate; `null` until known. */
  expectedPerHourWei: bigint | null;
  snailNumber: number;
}

export function createTally(): MiningTally {
  return {
    fruits: 0,
    blocks: 0,
    stale: 0,
    refused: new Map(),
    paidWei: 0n,
    dueWei: 0n,
    expectedPerHourWei: null,
    snailNumber: 0,
  };
}

interface Rewards {
  readonly paid: string;
  readonly due: string;
  readonly paidTo: string | null;
}

/** As many snail blocks as one answer covers. */
const RANGE_BLOCKS = 1_024;

/** Follows what an address is paid from one snail block on. */
export class PayWatch {
  readonly #payout: Address;
  #next: number | null = null;

  constructor(payout: Address) {
    this.#payout = payout;
  }

  /** Pay of snail blocks that are there already is not of this run's work. */
  async begin(node: RpcClient): Promise<void> {
    this.#next ??= Number(await node.call<string>("snail_blockNumber")) + 1;
  }

  /** Adds what was paid since the last look. Answers with that amount. */
  async look(node: RpcClient, hashesPerSecond: number, tally: MiningTally): Promise<bigint> {
    await this.begin(node);
    const first = this.#next ?? 1;
    const range = [`0x${first.toString(16)}`, `0x${(first + RANGE_BLOCKS - 1).toString(16)}`];
    const rewards = await node.call<Rewards>("snail_getRewards", [this.#payout, ...range]);
    const paidWei = BigInt(rewards.paid);
    if (rewards.paidTo !== null) this.#next = Number(rewards.paidTo) + 1;
    tally.paidWei += paidWei;
    tally.dueWei = BigInt(rewards.due);
    const rate = `0x${Math.round(hashesPerSecond).toString(16)}`;
    const { perHour } = await node.call<{ readonly perHour: string }>("snail_expectedReward", [rate]);
    tally.expectedPerHourWei = BigInt(perHour);
    return paidWei;
  }
}
