import type { Address, Hash32 } from "@festina/primitives";
import type { AccountRecord } from "./accountRecord.ts";
import type { NewCodes } from "./newCodes.ts";
import type { SlotTable } from "./slotTable.ts";

/** What lies under the block being executed: the state after its parent, read only. */
export interface StateBase {
  account(address: Address): AccountRecord | null;
  /**
   * Reads the slot that the word at `slot` names into the word at `to`; 0 when absent. `record` is the account as this
   * base answered it.
   */
  readSlot(address: Address, record: AccountRecord, words: Uint32Array, slot: number, to: number): void;
  code(hash: Hash32): Uint8Array | undefined;
}

/** What one block changed, on top of its parent's state. */
export interface StateDiff {
  readonly accounts: ReadonlyMap<Address, AccountRecord | null>;
  /** Those of them that the parent does not have. */
  readonly created: ReadonlySet<Address>;
  /** Accounts whose older storage is gone, whatever `slots` then says of single slots. */
  readonly cleared: ReadonlySet<Address>;
  readonly slots: SlotTable;
  readonly codes: NewCodes;
}
