import { asciiToBytes, type Hash32, hexToBytes, toHash32 } from "@festina/primitives";
import type { KeyValueStore } from "../keyValueStore.ts";
import { numberKey, TABLE, tableKey } from "../tables.ts";
import type { WriteBatch } from "../writeBatch.ts";
import { readNumber } from "./fastBlockStore.ts";

/**
 * Raised when the tables, or what a system contract answers, change form; a folder of another version is converted
 * before use (`node/migration`) or refused with a message, never misread.
 */
export const STORAGE_FORMAT_VERSION = 4;

const key = (name: string): Uint8Array => tableKey(TABLE.meta, asciiToBytes(name));
const FORMAT = key("formatVersion");
const MIGRATING_FROM = key("migratingFrom");
const GENESIS = key("genesisHash");
const FAST_HEAD = key("fastHead");
const SNAIL_HEAD = key("snailHead");
const RECOVERIES = key("recoveries");
const OUTLINE_HEAD = key("outlineHead");
const STATE_PIVOT = key("statePivot");
const LAYING = key("laying");
const TRIE_GENERATION = key("trieGeneration");
const TRIE_SINCE = key("trieSince");
const TRIE_CLEARING = key("trieClearing");
const STATES_FROM = key("statesFrom");
const HELD_FROM = key("heldFrom");

/** What a data folder says about itself. */
export class MetaStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  initialise(batch: WriteBatch, genesisHash: Hash32): void {
    batch.put(FORMAT, numberKey(STORAGE_FORMAT_VERSION));
    batch.put(GENESIS, hexToBytes(genesisHash));
  }

  /** From now on the folder is of no earlier version, though what is in it still is for a while. */
  beginMigration(batch: WriteBatch, from: number): void {
    batch.put(FORMAT, numberKey(from + 1));
    batch.put(MIGRATING_FROM, numberKey(from));
  }

  endMigration(batch: WriteBatch): void {
    batch.del(MIGRATING_FROM);
  }

  /** The version that tables are being converted from. */
  migratingFrom(): number | undefined {
    return this.#number(MIGRATING_FROM);
  }

  saveFastHead(batch: WriteBatch, number: number): void {
    batch.put(FAST_HEAD, numberKey(number));
  }

  saveSnailHead(batch: WriteBatch, hash: Hash32): void {
    batch.put(SNAIL_HEAD, hexToBytes(hash));
  }

  /** Committees that the snail chain has seated, in the form of `fastchain`. */
  saveRecoveries(batch: WriteBatch, encoded: Uint8Array): void {
    batch.put(RECOVERIES, encoded);
  }

  /** Newest block whose outline is here while the chain itself is being fetched. */
  saveOutlineHead(batch: WriteBatch, number: number): void {
    batch.put(OUTLINE_HEAD, numberKey(number));
  }

  outlineHead(): number | undefined {
    return this.#number(OUTLINE_HEAD);
  }

  /** Block whose state is being fetched; `null`: none any more. */
  saveStatePivot(batch: WriteBatch, number: number | null): void {
    if (number === null) batch.del(STATE_PIVOT);
    else batch.put(STATE_PIVOT, numberKey(number));
  }

  statePivot(): number | undefined {
    return this.#number(STATE_PIVOT);
  }

  /** Block whose fetched state is being laid into the flat tables, which hold no other meanwhile; `null`: they are whole. */
  saveLaying(batch: WriteBatch, number: number | null): void {
    if (number === null) batch.del(LAYING);
    else batch.put(LAYING, numberKey(number));
  }

  laying(): number | undefined {
    return this.#number(LAYING);
  }

  /** New trie nodes go to this generation, which begins with the state of this block; earlier states are in the one before. */
  saveTrieGeneration(batch: WriteBatch, generation: number, since: number): void {
    batch.put(TRIE_GENERATION, numberKey(generation));
    batch.put(TRIE_SINCE, numberKey(since));
  }

  /** The generation before may be deleted: states below this block are not to be had any more. */
  saveTrieLeft(batch: WriteBatch, statesFrom: number): void {
    batch.del(TRIE_SINCE);
    batch.put(TRIE_CLEARING, numberKey(1));
    batch.put(STATES_FROM, numberKey(statesFrom));
  }

  saveTrieCleared(batch: WriteBatch): void {
    batch.del(TRIE_CLEARING);
  }

  trieGeneration(): number {
    return this.#number(TRIE_GENERATION) ?? 0;
  }

  trieSince(): number | undefined {
    return this.#number(TRIE_SINCE);
  }

  isTrieClearing(): boolean {
    return this.#store.get(TRIE_CLEARING) !== undefined;
  }

  /** Lowest block whose state was not left behind. */
  statesFrom(): number {
    return this.#number(STATES_FROM) ?? 0;
  }

  /** Lowest block above genesis from which on all blocks are here with their outcomes. */
  saveHeldFrom(batch: WriteBatch, number: number): void {
    batch.put(HELD_FROM, numberKey(number));
  }

  heldFrom(): number | undefined {
    return this.#number(HELD_FROM);
  }

  recoveries(): Uint8Array | undefined {
    return this.#store.get(RECOVERIES);
  }

  formatVersion(): number | undefined {
    return this.#number(FORMAT);
  }

  genesisHash(): Hash32 | undefined {
    return this.#hash(GENESIS);
  }

  fastHead(): number | undefined {
    return this.#number(FAST_HEAD);
  }

  snailHead(): Hash32 | undefined {
    return this.#hash(SNAIL_HEAD);
  }

  #number(name: Uint8Array): number | undefined {
    const bytes = this.#store.get(name);
    return bytes === undefined ? undefined : readNumber(bytes);
  }

  #hash(name: Uint8Array): Hash32 | undefined {
    const bytes = this.#store.get(name);
    return bytes === undefined ? undefined : toHash32(bytes);
  }
}
