import type { Address, Hash32 } from "@festina/primitives";
import type { AccountRecord } from "./accountRecord.ts";

/** What lies under the block being executed: the state after its parent, read only. */
export interface StateBase {
  account(address: Address): AccountRecord | null;
  /** 0 when absent. `record` is the account as this base answered it. */
  storage(address: Address, slot: bigint, record: AccountRecord): bigint;
  code(hash: Hash32): Uint8Array | undefined;
}

/** What one block changed, on top of its parent's state. */
export interface StateDiff {
  readonly accounts: ReadonlyMap<Address, AccountRecord | null>;
  /** Accounts whose older storage is gone, whatever `storage` then says of single slots. */
  readonly cleared: ReadonlySet<Address>;
  readonly storage: ReadonlyMap<Address, ReadonlyMap<bigint, bigint>>;
  readonly codes: ReadonlyMap<Hash32, Uint8Array>;
}
