// What a call may take for granted although the chain says otherwise: state and block of its environment.
import type { Address, Hash32 } from "@festina/primitives";

/** What is absent stays as the chain has it. */
export interface AccountOverride {
  readonly nonce?: bigint;
  readonly balanceWei?: bigint;
  readonly code?: Uint8Array;
  /** The precompiled contract of this address is there instead. */
  readonly movePrecompileTo?: Address;
  readonly storage?: {
    /** These slots are all there are; otherwise the others stay. */
    readonly isWhole: boolean;
    readonly slots: ReadonlyMap<bigint, bigint>;
  };
}

export interface BlockOverrides {
  readonly number?: number;
  readonly timestamp?: number;
  readonly gasLimit?: bigint;
  readonly coinbase?: Address;
  readonly prevRandao?: Hash32;
  readonly baseFeePerGasWei?: bigint;
}

export interface CallOverrides {
  readonly accounts: ReadonlyMap<Address, AccountOverride>;
  readonly block: BlockOverrides;
}

export const NO_OVERRIDES: CallOverrides = { accounts: new Map(), block: {} };
