import {
  type Address,
  assert,
  decodeRlp,
  EMPTY_BYTES,
  type Hash32,
  hexToBytes,
  toAddress,
  writeHex,
} from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey, type WriteBatch } from "@festina/storage";
import { NodeTable } from "../trie/nodeTable.ts";
import { type AccountRecord, decodeAccountRecord, encodeAccountRecord } from "./accountRecord.ts";
import { PageEdits } from "./pageEdits.ts";
import { RecentPages } from "./recentPages.ts";
import type { SealedDiff } from "./sealDiff.ts";
import { assertPage, placeInPage, readFromPage, toPageName } from "./storagePage.ts";
import { bytesToWord, WORD_NUMBERS, writeWord } from "./word.ts";

const storagePrefix = (address: Address): Uint8Array => tableKey(TABLE.storagePage, hexToBytes(address));
const ADDRESS_BYTES = 20;
const SLOT_BYTES = 32;

/** In the flat table. */
export function accountKey(address: Address): Uint8Array {
  const key = new Uint8Array(1 + ADDRESS_BYTES);
  key[0] = TABLE.account;
  writeHex(address, key, 1);
  return key;
}

/** Of a storage leaf; empty when there is none. */
export function slotBytes(leaf: Uint8Array | undefined): Uint8Array {
  if (leaf === undefined) return EMPTY_BYTES;
  const decoded = decodeRlp(leaf);
  assert(decoded.ok && decoded.value instanceof Uint8Array, "a storage leaf is damaged");
  return decoded.value;
}

/** Without a slot yet. */
function storageKey(address: Address): Uint8Array {
  const key = new Uint8Array(1 + ADDRESS_BYTES + SLOT_BYTES);
  key[0] = TABLE.storagePage;
  writeHex(address, key, 1);
  return key;
}

/** Pages of one account removed per range read. */
const CLEARED_AT_ONCE = 10_000;

/** The committed state on disk: flat tables for reads, trie nodes and code by hash. */
export class StateTables {
  readonly #store: KeyValueStore;
  /** Slots are asked for in rows, and stores are done with a key when they have answered. */
  #asked: { readonly address: Address | null; readonly key: Uint8Array } = { address: null, key: EMPTY_BYTES };
  /** Pages of the newest state that was saved, which may be on its way to the disk. */
  readonly #recent = new RecentPages();
  readonly #room = new Uint32Array(WORD_NUMBERS);
  /** Between a save and the end of its write nobody knows whether a page that is read is the older or the newer one. */
  #isMoving = false;
  readonly nodes: NodeTable;

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.nodes = new NodeTable(store);
  }

  account(address: Address): AccountRecord | null {
    const bytes = this.#store.get(accountKey(address));
    return bytes === undefined ? null : decodeAccountRecord(bytes);
  }

  /**
   * The committed value of the slot that a word names, as a word; 0 when absent.
   * @returns whether the store was asked, and not only the pages that are remembered
   */
  readSlot(address: Address, words: Uint32Array, slot: number, to: number): boolean {
    const recent = this.#recent.find(address, words, slot);
    const page = recent ?? this.#readPage(address, words, slot);
    if (recent === undefined && !this.#isMoving) this.#recent.keep(address, words, slot, page);
    readFromPage(page, placeInPage(words[slot] as number), words, to);
    return recent === undefined;
  }

  /** Empty when no slot of the page holds anything. */
  #readPage(address: Address, words: Uint32Array, slot: number): Uint8Array {
    if (this.#asked.address !== address) this.#asked = { address, key: storageKey(address) };
    const { key } = this.#asked;
    writeWord(words, slot, key, 1 + ADDRESS_BYTES);
    toPageName(key, 1 + ADDRESS_BYTES);
    const page = this.#store.get(key);
    if (page === undefined) return EMPTY_BYTES;
    assertPage(page);
    return page;
  }

  /** To be called once all that was saved has been written. */
  settled(): void {
    this.#isMoving = false;
  }

  code(hash: Hash32): Uint8Array | undefined {
    return this.#store.get(tableKey(TABLE.code, hexToBytes(hash)));
  }

  trieNode(hash: Hash32): Uint8Array | undefined {
    return this.nodes.get(hash);
  }

  preimage(hashedAddress: Uint8Array): Address | null {
    const bytes = this.#store.get(tableKey(TABLE.preimage, hashedAddress));
    return bytes === undefined ? null : toAddress(bytes);
  }

  /**
   * Adds a block's changes to its batch, given that its parent's are written. Trie nodes are only ever added: older roots
   * stay readable.
   */
  async save(batch: WriteBatch, diff: SealedDiff): Promise<void> {
    this.#isMoving = true;
    if (diff.cleared.size > 0) this.#recent.clear();
    for (const address of diff.cleared) await this.#clearStorage(batch, address);
    for (const [address, record] of diff.accounts) {
      const key = accountKey(address);
      if (record === null) batch.del(key);
      else batch.put(key, encodeAccountRecord(record));
    }
    for (const [address, writes] of diff.storage) this.#savePages(batch, diff, address, writes);
    for (const [hash, code] of diff.codes) batch.put(tableKey(TABLE.code, hexToBytes(hash)), code);
    for (const [hash, encoded] of diff.nodes) this.nodes.put(batch, hash, encoded);
    for (const [address, key] of diff.hashedAddresses) batch.put(tableKey(TABLE.preimage, key), hexToBytes(address));
    for (const [key, slot] of diff.hashedSlots) batch.put(tableKey(TABLE.slotPreimage, key), slot);
  }

  #savePages(batch: WriteBatch, diff: SealedDiff, address: Address, writes: readonly number[]): void {
    const isFresh = diff.created.has(address) || diff.cleared.has(address);
    const before = (key: Uint8Array): Uint8Array | undefined => (isFresh ? undefined : this.#pageBefore(address, key));
    const edits = new PageEdits(hexToBytes(address), before);
    for (const write of writes) edits.set(diff.slots.slotOf(write), diff.slots.valueOf(write));
    edits.addTo(batch, (key, page) => {
      bytesToWord(key, this.#room, 0, 1 + ADDRESS_BYTES);
      this.#recent.keep(address, this.#room, 0, page);
    });
  }

  #pageBefore(address: Address, key: Uint8Array): Uint8Array | undefined {
    bytesToWord(key, this.#room, 0, 1 + ADDRESS_BYTES);
    const recent = this.#recent.find(address, this.#room, 0);
    if (recent === undefined) return this.#store.get(key);
    return recent.length === 0 ? undefined : recent;
  }

  async #clearStorage(batch: WriteBatch, address: Address): Promise<void> {
    const prefix = storagePrefix(address);
    const to = prefixEnd(prefix);
    let from = prefix;
    for (;;) {
      const page = await this.#store.entries({ from, to, max: CLEARED_AT_ONCE });
      for (const [key] of page) batch.del(key);
      const last = page.at(-1);
      if (last === undefined || page.length < CLEARED_AT_ONCE) return;
      from = new Uint8Array([...last[0], 0]);
    }
  }
}
