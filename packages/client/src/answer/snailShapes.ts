// Snail blocks, their fruits, what they pay, and work for miners. Times are Unix seconds, amounts wei.
import {
  address,
  bytes,
  flag,
  hash,
  integer,
  list,
  nullable,
  object,
  quantity,
  text,
  type ValueOf,
  words,
} from "./shape.ts";

export const certificate = object({
  kind: words("prepared", "committed", "skipped"),
  epoch: quantity,
  view: quantity,
  blockHash: hash,
  /** Seats by their places in the committee. */
  signers: list(integer),
  signature: bytes,
});
export type Certificate = ValueOf<typeof certificate>;

const sealed = {
  timestamp: quantity,
  payout: address,
  /** The validator whose election it counts for. */
  supports: nullable(address),
  /** The fast block that it names as final. */
  anchorNumber: quantity,
  anchorHash: hash,
  pointerHash: hash,
  fruitDifficulty: quantity,
  nonce: quantity,
} as const;

export const fruit = object({
  hash,
  ...sealed,
  /** The snail block that has it; `null` while it waits. */
  packedIn: nullable(quantity),
});
export type Fruit = ValueOf<typeof fruit>;

const blockFields = {
  number: quantity,
  hash,
  parentHash: hash,
  ...sealed,
  certificateHash: hash,
  boundaryHash: hash,
  fruitsRoot: hash,
  /** On this chain so far. */
  packedFruits: quantity,
  difficulty: quantity,
  totalDifficulty: quantity,
  /** That the anchor is final; `null` where the block names its parent's anchor. */
  certificate: nullable(certificate),
} as const;

export const snailBlock = object({ ...blockFields, fruits: list(hash) });
export type SnailBlock = ValueOf<typeof snailBlock>;

export const snailBlockWithFruits = object({ ...blockFields, fruits: list(fruit) });
export type SnailBlockWithFruits = ValueOf<typeof snailBlockWithFruits>;

export const payment = object({ to: address, amount: quantity });
export type Payment = ValueOf<typeof payment>;

export const rewards = object({
  address,
  /** By final blocks. */
  paid: quantity,
  /** For snail blocks that no final block has paid yet. */
  due: quantity,
  /** The last snail block asked for that is paid. */
  paidTo: nullable(quantity),
  blocks: list(
    object({
      snailNumber: quantity,
      fastNumber: nullable(quantity),
      amount: quantity,
      fruits: quantity,
      isPacker: flag,
    }),
  ),
});
export type Rewards = ValueOf<typeof rewards>;

export const blockRewards = object({
  snailNumber: quantity,
  snailHash: hash,
  /** The fast block that pays; `null` before. */
  fastNumber: nullable(quantity),
  payments: list(payment),
});
export type BlockRewards = ValueOf<typeof blockRewards>;

export const expectedReward = object({
  snailNumber: quantity,
  /** Expected hashes for a block, and for a fruit. */
  difficulty: quantity,
  fruitDifficulty: quantity,
  fruitsPerBlock: quantity,
  perFruit: quantity,
  perPackedFruit: quantity,
  perBlock: quantity,
  /** At the hash rate that was asked for. */
  perHour: nullable(quantity),
});
export type ExpectedReward = ValueOf<typeof expectedReward>;

export const work = object({
  workId: text,
  sealHash: hash,
  /** A block is won when the high 128 bits of the result are at most this. */
  blockTarget: quantity,
  /** A fruit is won when the low 128 bits of the result are at most this. */
  fruitTarget: quantity,
  powEngine: text,
  /** Names the data set; zero for engines without. */
  powKey: hash,
  number: quantity,
  parentHash: hash,
  anchorNumber: quantity,
  difficulty: quantity,
  fruitDifficulty: quantity,
});
export type Work = ValueOf<typeof work>;

export const won = object({ fruit: nullable(hash), block: nullable(hash) });
/** What a nonce has won, by hash. */
export type Won = ValueOf<typeof won>;
