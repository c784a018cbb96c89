import { encodeRlp, type Hash32, hexToBytes, readRlp, rlpInteger, toHash32 } from "@festina/primitives";
import type { KeyValueStore } from "../keyValueStore.ts";
import { numberKey, TABLE, tableKey } from "../tables.ts";
import type { WriteBatch } from "../writeBatch.ts";
import { readNumber } from "./fastBlockStore.ts";

export interface StoredSnailBlock {
  readonly encoded: Uint8Array;
  readonly totalDifficulty: bigint;
}

/** Tables of the snail chain: every valid block by hash, the best chain by number, packed fruits by hash. */
export class SnailBlockStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  save(batch: WriteBatch, hash: Hash32, block: StoredSnailBlock): void {
    batch.put(
      tableKey(TABLE.snailBlock, hexToBytes(hash)),
      encodeRlp([block.encoded, rlpInteger(block.totalDifficulty)]),
    );
  }

  saveCanonical(batch: WriteBatch, number: number, hash: Hash32, fruitHashes: readonly Hash32[]): void {
    batch.put(tableKey(TABLE.snailCanonical, numberKey(number)), hexToBytes(hash));
    for (const fruit of fruitHashes) batch.put(tableKey(TABLE.fruitLocation, hexToBytes(fruit)), numberKey(number));
  }

  removeCanonical(batch: WriteBatch, number: number, fruitHashes: readonly Hash32[]): void {
    batch.del(tableKey(TABLE.snailCanonical, numberKey(number)));
    for (const fruit of fruitHashes) batch.del(tableKey(TABLE.fruitLocation, hexToBytes(fruit)));
  }

  block(hash: Hash32): StoredSnailBlock | undefined {
    const bytes = this.#store.get(tableKey(TABLE.snailBlock, hexToBytes(hash)));
    if (bytes === undefined) return undefined;
    const decoded = readRlp(bytes, "snailBlock", (reader) => ({
      encoded: reader.bytes("encoded"),
      totalDifficulty: reader.bigint("totalDifficulty"),
    }));
    return decoded.ok ? decoded.value : undefined;
  }

  canonicalHash(number: number): Hash32 | undefined {
    const bytes = this.#store.get(tableKey(TABLE.snailCanonical, numberKey(number)));
    return bytes === undefined ? undefined : toHash32(bytes);
  }

  fruitLocation(fruit: Hash32): number | undefined {
    const bytes = this.#store.get(tableKey(TABLE.fruitLocation, hexToBytes(fruit)));
    return bytes === undefined ? undefined : readNumber(bytes);
  }
}
