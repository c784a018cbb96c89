import type { Address, Hash32, Result } from "@festina/primitives";
import type { AccountChange } from "@festina/types";

/** Which transactions and clocks make blocks. */
export interface MiningModes {
  /** Every transaction makes a block at once, and its sender is answered when the block is there. */
  readonly isAutomatic: boolean;
  /** A block this often, with what waits; 0 for none. */
  readonly intervalMs: number;
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
  /** The next block with transactions has exactly this time. Fails when the newest block is not older. */
  setNextTime(timeMs: number): Result<void, "TIME_NOT_LATER">;
  /** Each block comes so much after the one before; `null`: by the clock. */
  setTimeStep(stepMs: number | null): void;

  setNextBaseFee(baseFeePerGasWei: bigint): void;
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
  /** Back to the first block, and all choices to what they were at the start. */
  reset(): Promise<void>;
  /** Everything there is, in a form with a version. */
  dump(): Promise<string>;
  /** Goes on from a dump instead of what is here. */
  load(dump: string): Promise<Result<void, "DUMP_INVALID">>;
  /** Changes whenever the chain begins anew. */
  readonly instanceId: Hash32;
  readonly snapshots: readonly { readonly id: number; readonly number: number; readonly hash: Hash32 }[];
}
