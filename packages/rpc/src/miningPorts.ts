// What the methods for miners need from the node: work, shares, pay.
import type { Address, Hash32, Result } from "@festina/primitives";

/** What the proof of work's data sets are made from. */
export interface PowSampleReader {
  /** Hashes of 32 bytes, oldest first; empty when the chain here has no such data set. */
  read(powKey: Hash32): Promise<Uint8Array>;
}

/** External mining: work is handed out and solved nonces come back. */
export interface MinerGate {
  /** Codes: WORK_UNAVAILABLE while nothing can be mined, MINERS_TOO_MANY. */
  getWork(payout: Address, supports: Address): Result<MiningWork>;
  /**
   * Tells the present work at once, and each that replaces it; `null` while nothing can be mined. Answers with the
   * function that ends it.
   */
  subscribe(payout: Address, supports: Address, listener: (work: MiningWork | null) => void): Result<() => void>;
  /** Codes: SHARE_WRONG, SHARE_KNOWN, WORK_STALE, WORK_UNKNOWN, and those of a fruit that no block may pack. */
  submitWork(workId: string, nonce: bigint): Promise<Result<ShareOutcome>>;
}

/** What a nonce has won: a fruit, a snail block, or both. */
export interface ShareOutcome {
  readonly fruit: Hash32 | null;
  readonly block: Hash32 | null;
}

export interface MiningWork {
  readonly workId: string;
  readonly sealHash: Hash32;
  /** A win when the high 128 bits of the result are at most this. */
  readonly blockTarget: bigint;
  /** A win when the low 128 bits of the result are at most this. */
  readonly fruitTarget: bigint;
  readonly powEngine: string;
  /** Names the engine's data set for this work; zero for engines without. */
  readonly powKey: Hash32;
  /** Of the snail block that a win makes. */
  readonly number: number;
  readonly parentHash: Hash32;
  readonly anchorNumber: number;
  /** Expected hashes for a block, and for a fruit. */
  readonly difficulty: bigint;
  readonly fruitDifficulty: bigint;
}

/** What a snail block pays. */
export interface SnailPay {
  readonly snailNumber: number;
  readonly snailHash: Hash32;
  /** The fast block that pays it; `null` until the pointer passes. */
  readonly fastNumber: number | null;
  /** As listed by that block; before, what its miners are to expect: the committee's part is not known yet. */
  readonly payments: readonly { readonly to: Address; readonly amountWei: bigint }[];
}

/** Pay at the present difficulty, for the snail block that comes next. */
export interface ExpectedPay {
  readonly snailNumber: number;
  readonly difficulty: bigint;
  readonly fruitDifficulty: bigint;
  readonly fruitsPerBlock: number;
  readonly perFruitWei: bigint;
  /** For packing one fruit. */
  readonly perPackedFruitWei: bigint;
  /** For the block itself. */
  readonly perBlockWei: bigint;
}

export interface RewardReader {
  /** `undefined` for a snail block that is not on the best chain. */
  bySnailNumber(number: number): SnailPay | undefined;
  expected(): ExpectedPay;
}
