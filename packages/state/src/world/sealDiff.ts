import type { HashFunction } from "@festina/crypto";
import { type Address, type Hash32, writeHex } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { NewNodes } from "../trie/newNodes.ts";
import type { TrieCache } from "../trie/trieCache.ts";
import { type AccountRecord, encodeAccountRecord } from "./accountRecord.ts";
import type { SlotTable } from "./slotTable.ts";
import type { StateBase, StateDiff } from "./stateBase.ts";

/** What became of a trie. Another account's may have had either root, too. */
export interface TrieStep {
  readonly before: Hash32;
  readonly after: Hash32;
}

/** A block's changes with the tries brought up to date: what the header's state root commits to. */
export interface SealedDiff extends StateDiff {
  readonly root: Hash32;
  /** By account that exists: which entries of `slots` it has now. */
  readonly storage: ReadonlyMap<Address, readonly number[]>;
  readonly nodes: NewNodes;
  /** Of the state's trie and of each storage's. */
  readonly steps: readonly TrieStep[];
  /** keccak(address) of every account that is new. */
  readonly hashedAddresses: ReadonlyMap<Address, Uint8Array>;
  /** keccak(slot) and slot, wherever a slot has come to hold something. */
  readonly hashedSlots: readonly (readonly [key: Uint8Array, slot: Uint8Array])[];
}

/** What is hashed next: most slots and addresses are needed no longer than that. */
const slotRoom = new Uint8Array(32);
const addressRoom = new Uint8Array(20);

interface Gathered {
  readonly nodes: NewNodes;
  readonly hashedSlots: (readonly [key: Uint8Array, slot: Uint8Array])[];
}

function sealStorage(
  root: Hash32,
  slots: SlotTable,
  writes: readonly number[],
  tries: TrieCache,
  hash: HashFunction,
  { nodes, hashedSlots }: Gathered,
): Hash32 {
  const trie = tries.open(root);
  for (const write of writes) {
    slots.copySlotTo(write, slotRoom);
    const key = hash(slotRoom);
    const value = slots.encodedValueOf(write);
    if (value === null) trie.delete(key);
    else if (trie.put(key, value)) hashedSlots.push([key, slots.slotOf(write)]);
  }
  return tries.commit(trie, nodes);
}

/** Applies a block's changes to the tries under `parentRoot`, hashing each changed node once. */
export function sealDiff(
  diff: StateDiff,
  parentRoot: Hash32,
  base: StateBase,
  tries: TrieCache,
  hash: HashFunction,
): SealedDiff {
  const gathered: Gathered = { nodes: new NewNodes(), hashedSlots: [] };
  const { nodes, hashedSlots } = gathered;
  const accounts = new Map<Address, AccountRecord | null>(diff.accounts);
  const storage = new Map<Address, readonly number[]>();
  const steps: TrieStep[] = [];
  for (const [address, writes] of diff.slots.byAccount()) {
    const record = accounts.has(address) ? (accounts.get(address) ?? null) : base.account(address);
    if (record === null) continue;
    const before = diff.cleared.has(address) ? EMPTY_ROOT : record.storageRoot;
    const after = sealStorage(before, diff.slots, writes, tries, hash, gathered);
    steps.push({ before, after });
    accounts.set(address, { ...record, storageRoot: after });
    storage.set(address, writes);
  }
  for (const address of diff.cleared) {
    const record = accounts.get(address) ?? null;
    if (record !== null && !storage.has(address)) accounts.set(address, { ...record, storageRoot: EMPTY_ROOT });
  }
  const trie = tries.open(parentRoot);
  const hashedAddresses = new Map<Address, Uint8Array>();
  for (const [address, record] of accounts) {
    writeHex(address, addressRoom, 0);
    const key = hash(addressRoom);
    if (diff.created.has(address)) hashedAddresses.set(address, key);
    if (record === null) trie.delete(key);
    else trie.put(key, encodeAccountRecord(record));
  }
  const root = tries.commit(trie, nodes);
  steps.push({ before: parentRoot, after: root });
  return { ...diff, accounts, storage, root, nodes, steps, hashedAddresses, hashedSlots };
}
