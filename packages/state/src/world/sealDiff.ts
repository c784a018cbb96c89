import type { HashFunction } from "@festina/crypto";
import { type Address, encodeRlp, type Hash32, hexToBytes } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import type { TrieCache } from "../trie/trieCache.ts";
import { type AccountRecord, encodeAccountRecord } from "./accountRecord.ts";
import type { SlotTable } from "./slotTable.ts";
import type { StateBase, StateDiff } from "./stateBase.ts";

/** A block's changes with the tries brought up to date: what the header's state root commits to. */
export interface SealedDiff extends StateDiff {
  readonly root: Hash32;
  /** By account that exists: which entries of `slots` it has now. */
  readonly storage: ReadonlyMap<Address, readonly number[]>;
  readonly nodes: ReadonlyMap<Hash32, Uint8Array>;
  /** keccak(address) of every account that is new. */
  readonly hashedAddresses: ReadonlyMap<Address, Uint8Array>;
}

function sealStorage(
  root: Hash32,
  slots: SlotTable,
  writes: readonly number[],
  tries: TrieCache,
  hash: HashFunction,
  nodes: Map<Hash32, Uint8Array>,
): Hash32 {
  const trie = tries.open(root);
  for (const write of writes) {
    const key = hash(slots.slotOf(write));
    const value = slots.valueOf(write);
    if (value.length === 0) trie.delete(key);
    else trie.put(key, encodeRlp(value));
  }
  const sealed = trie.commit();
  tries.keep(trie, sealed);
  for (const [name, encoded] of sealed.nodes) nodes.set(name, encoded);
  return sealed.root;
}

/** Applies a block's changes to the tries under `parentRoot`, hashing each changed node once. */
export function sealDiff(
  diff: StateDiff,
  parentRoot: Hash32,
  base: StateBase,
  tries: TrieCache,
  hash: HashFunction,
): SealedDiff {
  const nodes = new Map<Hash32, Uint8Array>();
  const accounts = new Map<Address, AccountRecord | null>(diff.accounts);
  const storage = new Map<Address, readonly number[]>();
  for (const [address, writes] of diff.slots.byAccount()) {
    const record = accounts.has(address) ? (accounts.get(address) ?? null) : base.account(address);
    if (record === null) continue;
    const before = diff.cleared.has(address) ? EMPTY_ROOT : (base.account(address)?.storageRoot ?? EMPTY_ROOT);
    accounts.set(address, { ...record, storageRoot: sealStorage(before, diff.slots, writes, tries, hash, nodes) });
    storage.set(address, writes);
  }
  for (const address of diff.cleared) {
    const record = accounts.get(address) ?? null;
    if (record !== null && !storage.has(address)) accounts.set(address, { ...record, storageRoot: EMPTY_ROOT });
  }
  const trie = tries.open(parentRoot);
  const hashedAddresses = new Map<Address, Uint8Array>();
  for (const [address, record] of accounts) {
    const key = hash(hexToBytes(address));
    if (base.account(address) === null) hashedAddresses.set(address, key);
    if (record === null) trie.delete(key);
    // The tree stays in memory.
    else trie.put(key, encodeAccountRecord(record).slice());
  }
  const sealed = trie.commit();
  tries.keep(trie, sealed);
  for (const [name, encoded] of sealed.nodes) nodes.set(name, encoded);
  return { ...diff, accounts, storage, root: sealed.root, nodes, hashedAddresses };
}
