import type { Address, Failure, Hash32, Result } from "@festina/primitives";
import type { AccountChange } from "@festina/types";
import type { RpcBackend } from "../ports.ts";

/** Which transactions and clocks make blocks. */
export interface MiningModes {
  /** Every transaction makes a block at once, and its sender is answered when the block is there. */
  readonly isAutomatic: boolean;
  /** A block this often, with what waits; 0 for none. */
  readonly intervalMs: number;
}

/** A transaction for one of the blocks that take the place of others. */
export interface BlockAddition {
  /** From the first of these blocks. */
  readonly offset: number;
  readonly encoded: Uint8Array;
  /** Where it was signed here, or by nobody. */
  readonly signedBy?: Address;
}

export interface RefusedAddition {
  readonly addition: BlockAddition;
  readonly error: Failure;
}

/** A chain, and its block that a development chain goes on from. */
export interface ForkFacts {
  readonly url: string;
  readonly chainId: bigint;
  readonly blockNumber: number;
  readonly blockHash: Hash32;
}

/** What a chain that goes on from another one answers instead of its methods, where they are about that one's blocks. */
export interface ForkGate {
  readonly facts: ForkFacts;
  /** `call`: the method itself, with these parameters or with others. @throws RpcError, and what the method throws */
  answer(
    backend: RpcBackend,
    method: string,
    params: readonly unknown[],
    call: (params: readonly unknown[]) => unknown,
  ): Promise<unknown>;
}

/** Absent: as it is now; without a block: the newest. */
export interface ForkWish {
  readonly url?: string;
  readonly blockNumber?: number;
}

/** What the developer of a development chain may do to it. Whatever changes the chain resolves when that can be read. */
export interface DevelopmentGate {
  readonly modes: MiningModes;
  setAutomatic(isAutomatic: boolean): void;
  setMiningInterval(intervalMs: number): void;
  /** Makes so many blocks, with `intervalMs` between their times. */
  mine(blocks: number, times: { readonly intervalMs?: number }): Promise<void>;

  /** Unix milliseconds, as the chain has them. */
  nowMs(): number;
  /** How far the chain's clock is from the machine's. */
  readonly offsetMs: number;
  /** Lets time jump; negative values go back, but never behind the newest block. */
  shiftTime(byMs: number): void;
  /**
   * The next block with transactions has exactly this time. Fails when the newest block is not older; where blocks may share a
   * second, when it is younger.
   */
  setNextTime(timeMs: number): Result<void, "TIME_NOT_LATER">;
  /** Each block comes so much after the one before; `null`: by the clock. Answers whether there was such a step already. */
  setTimeStep(stepMs: number | null): boolean;

  setNextBaseFee(baseFeePerGasWei: bigint): void;
  /** What code of the next block with transactions reads as PREVRANDAO. */
  setNextPrevRandao(prevRandao: Hash32): void;
  /** Of a block that is made for it and of all after it; within `DEVELOPMENT_GAS_LIMITS`. */
  setGasLimit(gasLimit: bigint): Promise<void>;
  /** Of all blocks from now on. */
  setCoinbase(coinbase: Address): void;
  /** Sets accounts in a block of its own. */
  change(accounts: readonly AccountChange[]): Promise<void>;

  impersonate(address: Address): void;
  /** False when nobody was impersonated. */
  stopImpersonating(address: Address): boolean;
  impersonateAll(isOn: boolean): void;
  isImpersonated(address: Address): boolean;

  dropTransaction(hash: Hash32): boolean;
  dropAllTransactions(): void;

  snapshot(): number;
  /** Goes back to a snapshot, which with all later ones is used up. False for one that is not there. */
  revert(snapshot: number): Promise<boolean>;
  /** Undoes so many blocks. What waited goes on waiting. Fails where the chain does not remember that long. */
  rollback(depth: number): Promise<Result<void, "ROLLBACK_TOO_DEEP">>;
  /** Other blocks instead of the newest ones. Answers with additions that the pool refused: they are in no block. */
  reorganise(
    depth: number,
    additions: readonly BlockAddition[],
  ): Promise<Result<readonly RefusedAddition[], "ROLLBACK_TOO_DEEP">>;
  /** `null` for a chain of its own. */
  readonly fork: ForkGate | null;
  /**
   * Back to the first block, and all choices to what they were at the start: of a chain of its own, or of one that goes on from
   * another one's block. Fails, with nothing changed, where that cannot be had.
   */
  reset(fork: ForkWish | null): Promise<Result<void>>;
  /** Everything there is, in a form with a version. */
  dump(): Promise<string>;
  /** Goes on from a dump instead of what is here; of a state that anvil saved, takes the accounts over, and says what it lacks. */
  load(dump: string): Promise<Result<{ readonly warning: string | null }, "DUMP_INVALID">>;
  /** Changes whenever the chain begins anew. */
  readonly instanceId: Hash32;
  readonly snapshots: readonly { readonly snapshot: number; readonly number: number; readonly hash: Hash32 }[];
}
