import type { Address, Hash32 } from "@festina/primitives";
import type { RuleSet } from "./ruleSet.ts";

/** What contracts can learn about the block they run in. */
export interface BlockContext {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly gasLimit: bigint;
  readonly baseFeePerGasWei: bigint;
  /** The proposer's payout address; it is warm (EIP-3651) but receives nothing directly. */
  readonly coinbase: Address;
  /** The randomness beacon. */
  readonly prevRandao: Hash32;
  readonly chainId: bigint;
  /** Osaka when absent. */
  readonly rules?: RuleSet;
  /** Asked for the 256 blocks before `number` only. */
  getBlockHash(number: number): Hash32;
}
