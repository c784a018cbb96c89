import { type Address, EMPTY_BYTES, type Hash32, hexToBytes, toAddress } from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey, type WriteBatch } from "@festina/storage";
import { type AccountRecord, decodeAccountRecord, encodeAccountRecord } from "./accountRecord.ts";
import type { SealedDiff } from "./sealDiff.ts";

const storagePrefix = (address: Address): Uint8Array => tableKey(TABLE.storage, hexToBytes(address));
const storageKey = (address: Address, slot: Uint8Array): Uint8Array =>
  tableKey(TABLE.storage, hexToBytes(address), slot);

/** Slots of one account removed per range read; more than any block's gas can have written before. */
const CLEAR_PAGE = 10_000;

/** The committed state on disk: flat tables for reads, trie nodes and code by hash. */
export class StateTables {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  account(address: Address): AccountRecord | null {
    const bytes = this.#store.get(tableKey(TABLE.account, hexToBytes(address)));
    return bytes === undefined ? null : decodeAccountRecord(bytes);
  }

  /** `slot`: 32 bytes. Without leading zeros; empty when absent. */
  storage(address: Address, slot: Uint8Array): Uint8Array {
    return this.#store.get(storageKey(address, slot)) ?? EMPTY_BYTES;
  }

  code(hash: Hash32): Uint8Array | undefined {
    return this.#store.get(tableKey(TABLE.code, hexToBytes(hash)));
  }

  trieNode(hash: Hash32): Uint8Array | undefined {
    return this.#store.get(tableKey(TABLE.trieNode, hexToBytes(hash)));
  }

  preimage(hashedAddress: Uint8Array): Address | null {
    const bytes = this.#store.get(tableKey(TABLE.preimage, hashedAddress));
    return bytes === undefined ? null : toAddress(bytes);
  }

  /** Adds a block's changes to its batch. Trie nodes are only ever added: older roots stay readable. */
  async save(batch: WriteBatch, diff: SealedDiff): Promise<void> {
    for (const address of diff.cleared) await this.#clearStorage(batch, address);
    for (const [address, record] of diff.accounts) {
      const key = tableKey(TABLE.account, hexToBytes(address));
      if (record === null) batch.del(key);
      else batch.put(key, encodeAccountRecord(record));
    }
    for (const [address, writes] of diff.storage) {
      for (const write of writes) {
        const key = storageKey(address, diff.slots.slotOf(write));
        const value = diff.slots.valueOf(write);
        if (value.length === 0) batch.del(key);
        else batch.put(key, value);
      }
    }
    for (const [hash, code] of diff.codes) batch.put(tableKey(TABLE.code, hexToBytes(hash)), code);
    for (const [hash, encoded] of diff.nodes) batch.put(tableKey(TABLE.trieNode, hexToBytes(hash)), encoded);
    for (const [address, key] of diff.hashedAddresses) batch.put(tableKey(TABLE.preimage, key), hexToBytes(address));
  }

  async #clearStorage(batch: WriteBatch, address: Address): Promise<void> {
    const prefix = storagePrefix(address);
    const to = prefixEnd(prefix);
    let from = prefix;
    for (;;) {
      const page = await this.#store.entries({ from, to, max: CLEAR_PAGE });
      for (const [key] of page) batch.del(key);
      const last = page.at(-1);
      if (last === undefined || page.length < CLEAR_PAGE) return;
      from = new Uint8Array([...last[0], 0]);
    }
  }
}
