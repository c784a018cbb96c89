import { asciiToBytes, type Hash32, hexToBytes, toHash32 } from "@festina/primitives";
import type { KeyValueStore } from "../keyValueStore.ts";
import { numberKey, TABLE, tableKey } from "../tables.ts";
import type { WriteBatch } from "../writeBatch.ts";
import { readNumber } from "./fastBlockStore.ts";

/** Raised when the tables change form; a folder of another version is refused with a message, never misread. */
export const STORAGE_FORMAT_VERSION = 2;

const key = (name: string): Uint8Array => tableKey(TABLE.meta, asciiToBytes(name));
const FORMAT = key("formatVersion");
const GENESIS = key("genesisHash");
const FAST_HEAD = key("fastHead");
const SNAIL_HEAD = key("snailHead");
const RECOVERIES = key("recoveries");

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
