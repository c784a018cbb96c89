/**
 * Sizes and paces of a network (DESIGN.md 5, table). A preset is a starting point; a `ChainSpec` carries its values, so
 * that nothing of it is global. Times in milliseconds unless the name says otherwise.
 */
export interface Preset {
  /** An idle chain makes a block this often; 0 = only on demand. */
  readonly heartbeatMs: number;
  readonly minBlockIntervalMs: number;
  readonly fastGasLimit: bigint;
  /** Encoded Ethereum block plus requests. */
  readonly blockBytesMax: number;

  readonly snailTargetSeconds: number;
  readonly fruitsPerBlock: number;
  readonly maxFruits: number;
  readonly asertHalfLifeSeconds: number;
  /** A fruit may be packed while its pointer is at most this many snail blocks below its packer. */
  readonly freshnessBlocks: number;
  /** Miners point their fruits this far below their tip. */
  readonly pointerDepthBlocks: number;
  /** Snail blocks that one data set of the proof of work serves, for engines that have data sets. */
  readonly powEpochBlocks: number;

  /** Leaders add to the beacon in each block whose number this divides, and between a freeze and its seed. */
  readonly beaconIntervalBlocks: number;
  readonly confirmDepthBlocks: number;
  readonly electionWindowBlocks: number;
  readonly seedDelayBlocks: number;
  readonly handoverLookaheadMs: number;
  readonly seats: number;
  readonly minValidators: number;
  /** Beyond this distance between the fast chain and its newest anchor only empty fast blocks are valid; 0 = no bound. */
  readonly maxUnanchoredMs: number;
}

const DAY_SECONDS = 86_400;
const MEBIBYTE = 1024 * 1024;

export const MAINNET_PRESET: Preset = {
  heartbeatMs: 5_000,
  minBlockIntervalMs: 250,
  fastGasLimit: 100_000_000n,
  blockBytesMax: 2 * MEBIBYTE,
  snailTargetSeconds: 600,
  fruitsPerBlock: 100,
  maxFruits: 400,
  asertHalfLifeSeconds: DAY_SECONDS,
  freshnessBlocks: 72,
  pointerDepthBlocks: 6,
  powEpochBlocks: 12_000, // 83 days
  beaconIntervalBlocks: 1,
  confirmDepthBlocks: 48,
  electionWindowBlocks: 144, // one day of snail blocks
  seedDelayBlocks: 100,
  handoverLookaheadMs: 600_000,
  seats: 100,
  minValidators: 7,
  maxUnanchoredMs: 6 * 3_600_000,
};

export const DEVNET_PRESET: Preset = {
  heartbeatMs: 1_000,
  minBlockIntervalMs: 0,
  fastGasLimit: 150_000_000n,
  blockBytesMax: 4 * MEBIBYTE,
  snailTargetSeconds: 10,
  fruitsPerBlock: 10,
  maxFruits: 40,
  asertHalfLifeSeconds: 60,
  freshnessBlocks: 8,
  pointerDepthBlocks: 1,
  powEpochBlocks: 60, // ten minutes
  beaconIntervalBlocks: 16,
  confirmDepthBlocks: 2,
  electionWindowBlocks: 6, // one minute of snail blocks
  seedDelayBlocks: 2,
  handoverLookaheadMs: 3_000,
  seats: 100,
  minValidators: 1,
  maxUnanchoredMs: 300_000,
};

export const TEST_PRESET: Preset = {
  heartbeatMs: 0,
  minBlockIntervalMs: 0,
  fastGasLimit: 30_000_000n,
  blockBytesMax: MEBIBYTE,
  snailTargetSeconds: 16,
  fruitsPerBlock: 4,
  maxFruits: 16,
  asertHalfLifeSeconds: 20,
  freshnessBlocks: 4,
  pointerDepthBlocks: 1,
  powEpochBlocks: 32,
  beaconIntervalBlocks: 4,
  confirmDepthBlocks: 2,
  electionWindowBlocks: 4,
  seedDelayBlocks: 1,
  handoverLookaheadMs: 1_000,
  seats: 100,
  minValidators: 1,
  maxUnanchoredMs: 64_000,
};
