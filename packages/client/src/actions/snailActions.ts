import { type Address, type Client, type Hash, type Hex, numberToHex } from "viem";
import { bytes, list, nullable, quantity } from "../answer/shape.ts";
import {
  blockRewards,
  expectedReward,
  type Fruit,
  fruit,
  rewards,
  type SnailBlock,
  type SnailBlockWithFruits,
  snailBlock,
  snailBlockWithFruits,
  won,
  work,
} from "../answer/snailShapes.ts";
import { ask } from "./ask.ts";

/** A snail block by its height: `latest` is the head of the best chain. */
export type SnailHeight = bigint | "latest" | "earliest";

export interface GetSnailBlockParameters {
  /** The newest where neither is given. */
  readonly blockNumber?: SnailHeight;
  readonly blockHash?: Hash;
  /** Whole fruits instead of their hashes. */
  readonly includeFruits?: boolean;
}

type WithFruits = GetSnailBlockParameters & { readonly includeFruits: true };
type WithoutFruits = GetSnailBlockParameters & { readonly includeFruits?: false };

export interface MinerParameters {
  /** Earns what is found. */
  readonly payout: Address;
  /** The validator whose election it counts for. */
  readonly supports?: Address;
}

const height = (number: SnailHeight): string => (typeof number === "bigint" ? numberToHex(number) : number);

/** The method that asks for a block, and how it names it. */
function placeOf({ blockNumber = "latest", blockHash }: GetSnailBlockParameters): readonly [string, string] {
  return blockHash === undefined
    ? ["snail_getBlockByNumber", height(blockNumber)]
    : ["snail_getBlockByHash", blockHash];
}

/** The snail chain, its fruits, and what they pay. */
export function snailActions(client: Client) {
  /** A snail block; `null` where there is none. */
  function getSnailBlock(parameters: WithFruits): Promise<SnailBlockWithFruits | null>;
  function getSnailBlock(parameters?: WithoutFruits): Promise<SnailBlock | null>;
  function getSnailBlock(parameters: GetSnailBlockParameters): Promise<SnailBlock | SnailBlockWithFruits | null>;
  function getSnailBlock(parameters: GetSnailBlockParameters = {}): Promise<SnailBlock | SnailBlockWithFruits | null> {
    const [method, place] = placeOf(parameters);
    return parameters.includeFruits === true
      ? ask(client, method, [place, true], nullable(snailBlockWithFruits))
      : ask(client, method, [place, false], nullable(snailBlock));
  }

  return {
    /** The height of the best snail chain. */
    getSnailBlockNumber: () => ask(client, "snail_blockNumber", [], quantity),

    getSnailBlock,

    /** A fruit, packed or waiting; `null` for one that the node does not know. */
    getFruit: ({ hash }: { readonly hash: Hash }): Promise<Fruit | null> =>
      ask(client, "fruit_getByHash", [hash], nullable(fruit)),

    /** Fruits that wait for a block, those first that would be packed first; at most 100. */
    getWaitingFruits: ({ max }: { readonly max?: number } = {}): Promise<readonly Fruit[]> =>
      ask(client, "fruit_getWaiting", max === undefined ? [] : [numberToHex(max)], list(fruit)),

    /** What snail blocks have paid an address, and what is due; of at most 1,024 blocks, both ends included. */
    getSnailRewards: (parameters: {
      readonly address: Address;
      readonly fromBlock: SnailHeight;
      readonly toBlock: SnailHeight;
    }) => {
      const { address, fromBlock, toBlock } = parameters;
      return ask(client, "snail_getRewards", [address, height(fromBlock), height(toBlock)], rewards);
    },

    /** Every payment for a snail block; `null` where there is no such block. */
    getSnailBlockRewards: ({ blockNumber }: { readonly blockNumber: SnailHeight }) =>
      ask(client, "snail_getBlockRewards", [height(blockNumber)], nullable(blockRewards)),

    /** What a fruit and a block bring at the present difficulty, and what a hash rate brings in an hour. */
    getExpectedReward: ({ hashesPerSecond }: { readonly hashesPerSecond?: bigint } = {}) => {
      const params = hashesPerSecond === undefined ? [] : [numberToHex(hashesPerSecond)];
      return ask(client, "snail_expectedReward", params, expectedReward);
    },

    /** A sealed header to search nonces for. @throws with WORK_UNAVAILABLE while nothing can be mined */
    getWork: ({ payout, supports }: MinerParameters) =>
      ask(client, "snail_getWork", supports === undefined ? [payout] : [payout, supports], work),

    /** Hands in a nonce. @throws with SHARE_WRONG, SHARE_KNOWN, WORK_STALE or WORK_UNKNOWN when it wins nothing */
    submitWork: ({ workId, nonce }: { readonly workId: string; readonly nonce: bigint }) =>
      ask(client, "snail_submitWork", [workId, numberToHex(nonce)], won),

    /** What the data set of a work is made from: hashes, one after the other; `null` for engines without one. */
    getPowSample: ({ powKey }: { readonly powKey: Hash }): Promise<Hex | null> =>
      ask(client, "snail_getPowSample", [powKey], nullable(bytes)),
  };
}
