// State by what it is called: trie nodes, codes and preimages, each under its hash, whatever state they belong to. Given to
// other nodes in chunks and taken from them, without touching the state that blocks are executed on.
import type { HashFunction } from "@festina/crypto";
import {
  assert,
  bigintToBytes,
  bytesToBigint,
  equalBytes,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  toAddress,
  toHash32,
} from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { MerkleTrie } from "../trie/merkleTrie.ts";
import { NodeTable } from "../trie/nodeTable.ts";
import { type KeySpan, proveSpan, verifySpan } from "../trie/rangeProof.ts";
import { readTrieRange, type TrieEntry } from "../trie/trieRange.ts";
import { type AccountRecord, decodeAccountRecord } from "./accountRecord.ts";
import { PageEdits } from "./pageEdits.ts";
import { accountKey, slotBytes } from "./stateTables.ts";

/** Entries of one trie in the order of their hashed keys. */
export interface StateChunk {
  /** Address and account, or slot and value, each as the trie holds it. */
  readonly entries: readonly { readonly name: Uint8Array; readonly value: Uint8Array }[];
  /** Whether it reaches the end of what was asked for; else it ends with its last entry. */
  readonly isLast: boolean;
  readonly proof: readonly Uint8Array[];
}

/** What is left of the span after a chunk; `null`: nothing. */
export type RestOfSpan = Uint8Array | null;

const KEY_BYTES = 32;
export const FIRST_KEY = new Uint8Array(KEY_BYTES);
export const LAST_KEY = new Uint8Array(KEY_BYTES).fill(0xff);
const PAGE_ENTRIES = 1_000;

export class StateArchive {
  readonly #store: KeyValueStore;
  readonly #nodes: NodeTable;
  readonly #hash: HashFunction;

  /** `nodes`: shared with whoever writes states while this is in use. */
  constructor(store: KeyValueStore, hash: HashFunction, nodes = new NodeTable(store)) {
    this.#store = store;
    this.#nodes = nodes;
    this.#hash = hash;
  }

  /** Whether the root's own node is here. */
  holds(root: Hash32): boolean {
    return root === EMPTY_ROOT || this.#nodes.holdsState(root);
  }

  code(hash: Hash32): Uint8Array | undefined {
    return this.#store.get(tableKey(TABLE.code, hexToBytes(hash)));
  }

  /** `undefined` when the state is not here, or an address is not known. */
  accounts(root: Hash32, span: KeySpan, max: number): StateChunk | undefined {
    return this.#chunk(root, span, max, TABLE.preimage);
  }

  /** Of the storage with this root, whose ever it is. */
  slots(root: Hash32, span: KeySpan, max: number): StateChunk | undefined {
    return this.#chunk(root, span, max, TABLE.slotPreimage);
  }

  #chunk(root: Hash32, span: KeySpan, max: number, preimages: number): StateChunk | undefined {
    if (!this.holds(root)) return undefined;
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    const { entries, isLast } = readSpan(trie, span, max);
    const named: { name: Uint8Array; value: Uint8Array }[] = [];
    for (const { key, value } of entries) {
      const name = this.#store.get(tableKey(preimages, key));
      if (name === undefined) return undefined;
      named.push({ name, value });
    }
    const isWhole = isLast && isFull(span);
    return { entries: named, isLast, proof: isWhole ? [] : proveSpan(trie, covered(span, entries, isLast)) };
  }

  /** Verifies a chunk of the state `root` and adds it to a batch. */
  takeAccounts(
    root: Hash32,
    span: KeySpan,
    chunk: StateChunk,
    batch: WriteBatch,
  ): Result<{ readonly rest: RestOfSpan; readonly records: readonly AccountRecord[] }, "CHUNK_INVALID"> {
    const taken = this.#take(root, span, chunk, batch, TABLE.preimage, 20);
    if (!taken.ok) return taken;
    const records = chunk.entries.map(({ value }) => decodeAccountRecord(value));
    if (records.some((record) => record === null)) return fail("CHUNK_INVALID", "an entry is no account");
    return ok({ rest: taken.value, records: records.filter((record) => record !== null) });
  }

  takeSlots(root: Hash32, span: KeySpan, chunk: StateChunk, batch: WriteBatch): Result<RestOfSpan, "CHUNK_INVALID"> {
    return this.#take(root, span, chunk, batch, TABLE.slotPreimage, KEY_BYTES);
  }

  takeCode(hash: Hash32, code: Uint8Array, batch: WriteBatch): Result<void, "CHUNK_INVALID"> {
    if (toHash32(this.#hash(code)) !== hash) return fail("CHUNK_INVALID", `not the code ${hash}`);
    batch.put(tableKey(TABLE.code, hexToBytes(hash)), code);
    return ok(undefined);
  }

  #take(
    root: Hash32,
    span: KeySpan,
    { entries, isLast, proof }: StateChunk,
    batch: WriteBatch,
    preimages: number,
    nameBytes: number,
  ): Result<RestOfSpan, "CHUNK_INVALID"> {
    if (entries.some(({ name }) => name.length !== nameBytes))
      return fail("CHUNK_INVALID", "a name is of another length");
    if (!isLast && entries.length === 0) return fail("CHUNK_INVALID", "an empty chunk leads nowhere");
    const hashed = entries.map(({ name, value }) => ({ key: this.#hash(name), value }));
    const verified = verifySpan(root, covered(span, hashed, isLast), hashed, proof, this.#hash);
    if (!verified.ok) return fail("CHUNK_INVALID", verified.error.message);
    for (const [hash, node] of verified.value) this.#nodes.put(batch, hexToBytes(hash), node);
    hashed.forEach(({ key }, index) => {
      const name = entries[index]?.name;
      if (name !== undefined) batch.put(tableKey(preimages, key), name);
    });
    const last = hashed.at(-1)?.key ?? span.to;
    return ok(isLast || equalBytes(last, span.to) ? null : keyAfter(last));
  }

  /**
   * Makes the flat tables hold the state `root`, all of which is here, and nothing else. While it runs they hold neither
   * this nor another state. `onProgress` hears how many accounts are done. Answers with the sum of all balances, in wei.
   */
  async layFlat(root: Hash32, onProgress: (accounts: number) => void): Promise<bigint> {
    for (const table of [TABLE.account, TABLE.storagePage]) await this.#clear(table);
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    let sumWei = 0n;
    let done = 0;
    for (let from: RestOfSpan = FIRST_KEY; from !== null; ) {
      const page = readTrieRange(trie, from, PAGE_ENTRIES);
      const batch = new WriteBatch();
      for (const { key, value } of page.entries) {
        const record = decodeAccountRecord(value);
        const name = this.#store.get(tableKey(TABLE.preimage, key));
        assert(record !== null && name !== undefined, "an account of the fetched state is whole");
        batch.put(accountKey(toAddress(name)), value);
        sumWei += record.balanceWei;
        if (record.storageRoot !== EMPTY_ROOT) await this.#layStorage(name, record.storageRoot);
      }
      await this.#store.write(batch.operations);
      done += page.entries.length;
      onProgress(done);
      from = page.next;
    }
    return sumWei;
  }

  async #layStorage(address: Uint8Array, root: Hash32): Promise<void> {
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    for (let from: RestOfSpan = FIRST_KEY; from !== null; ) {
      const page = readTrieRange(trie, from, PAGE_ENTRIES);
      const batch = new WriteBatch();
      // Hashed keys scatter neighbours over the trie: a page is added to whenever one of its slots is met.
      const edits = new PageEdits(address, (key) => this.#store.get(key));
      for (const { key, value } of page.entries) {
        const slot = this.#store.get(tableKey(TABLE.slotPreimage, key));
        assert(slot !== undefined, "a slot of the fetched state is whole");
        edits.set(slot, slotBytes(value));
      }
      edits.addTo(batch);
      await this.#store.write(batch.operations);
      from = page.next;
    }
  }

  async #clear(table: number): Promise<void> {
    const prefix = tableKey(table);
    for (;;) {
      const page = await this.#store.entries({ from: prefix, to: prefixEnd(prefix), max: PAGE_ENTRIES });
      if (page.length === 0) return;
      await this.#store.write(page.map(([key]) => ({ type: "del", key })));
    }
  }

  readonly #readNode = (hash: Hash32): Uint8Array | undefined => this.#nodes.get(hash);
}

function readSpan(
  trie: MerkleTrie,
  { from, to }: KeySpan,
  max: number,
): { readonly entries: readonly TrieEntry[]; readonly isLast: boolean } {
  const { entries, next } = readTrieRange(trie, from, max);
  const limit = bytesToBigint(to);
  const inside = entries.filter(({ key }) => bytesToBigint(key) <= limit);
  const isLast = inside.length < entries.length || next === null || bytesToBigint(next) > limit;
  return { entries: inside, isLast };
}

/** What a chunk says something about. */
function covered(span: KeySpan, entries: readonly TrieEntry[], isLast: boolean): KeySpan {
  return { from: span.from, to: isLast ? span.to : (entries.at(-1)?.key ?? span.to) };
}

function isFull({ from, to }: KeySpan): boolean {
  return from.every((byte) => byte === 0) && to.every((byte) => byte === 0xff);
}

function keyAfter(key: Uint8Array): Uint8Array {
  return bigintToBytes(bytesToBigint(key) + 1n, KEY_BYTES);
}
