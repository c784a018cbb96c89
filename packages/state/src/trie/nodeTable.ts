// Where trie nodes lie on the disk: one table, or two generations of it while old states are being left behind.
import { type Hash32, hexToBytes } from "@festina/primitives";
import { type KeyValueStore, MetaStore, prefixEnd, TABLE, tableKey, WriteBatch } from "@festina/storage";

/** Even generations, and odd ones. */
const TABLES = [TABLE.trieNode, TABLE.trieNodeOdd] as const;

/**
 * Nodes by hash. New ones are written to the younger of two generations and looked for in both. Once a state has been copied
 * from the elder into the younger, that and all later states are whole there, since every node that came after is there by
 * itself; then the elder can go as a whole (docs/adr/0056).
 */
export class NodeTable {
  readonly #store: KeyValueStore;
  readonly #meta: MetaStore;
  #generation: number;
  /** Height of the block with whose state the younger generation begins; `undefined`: there is one generation. */
  #since: number | undefined;
  #readsElder: boolean;

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#meta = new MetaStore(store);
    this.#generation = this.#meta.trieGeneration();
    this.#since = this.#meta.trieSince();
    this.#readsElder = this.#since !== undefined;
  }

  /** Height with whose state the younger of two generations begins; `undefined` where there is one. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Whether what an elder generation has left is still to be deleted. */
  get isClearing(): boolean {
    return this.#meta.isTrieClearing();
  }

  get #younger(): number {
    return TABLES[this.#generation & 1] as number;
  }

  get #elder(): number {
    return TABLES[1 - (this.#generation & 1)] as number;
  }

  get(hash: Hash32): Uint8Array | undefined {
    const bytes = hexToBytes(hash);
    const node = this.#store.get(tableKey(this.#younger, bytes));
    return node === undefined && this.#readsElder ? this.#store.get(tableKey(this.#elder, bytes)) : node;
  }

  /** Whether the state with this root, which is not empty, is to be had, and will be for a while. */
  holdsState(root: Hash32): boolean {
    return this.#since === undefined ? this.isYoung(hexToBytes(root)) : this.get(root) !== undefined;
  }

  isYoung(hash: Uint8Array): boolean {
    return this.#store.get(tableKey(this.#younger, hash)) !== undefined;
  }

  put(batch: WriteBatch, hash: Uint8Array, encoded: Uint8Array): void {
    batch.put(tableKey(this.#younger, hash), encoded);
  }

  /**
   * From now on nodes go to a new generation. To be called while no state is being saved, after the block of this height and
   * before the next.
   */
  async beginGeneration(height: number): Promise<void> {
    const generation = this.#generation + 1;
    const batch = new WriteBatch();
    this.#meta.saveTrieGeneration(batch, generation, height);
    await this.#store.write(batch.operations, { sync: true });
    this.#generation = generation;
    this.#since = height;
    this.#readsElder = true;
  }

  /**
   * To be called when the state of block `since` is copied: earlier states are to be had no more. Who reads one at the moment
   * may go on until `endElder`.
   */
  async leaveElder(): Promise<void> {
    const batch = new WriteBatch();
    this.#meta.saveTrieLeft(batch, this.#since ?? 0);
    // Flushes what was copied as well.
    await this.#store.write(batch.operations, { sync: true });
    this.#since = undefined;
  }

  /** Nobody reads the elder generation any more. */
  endElder(): void {
    this.#readsElder = false;
  }

  /** Deletes some of what the elder generation has left; whether that was all. */
  async clearElder(max: number): Promise<boolean> {
    const prefix = tableKey(this.#elder);
    const entries = await this.#store.entries({ from: prefix, to: prefixEnd(prefix), max });
    const batch = new WriteBatch();
    for (const [key] of entries) batch.del(key);
    if (entries.length < max) this.#meta.saveTrieCleared(batch);
    await this.#store.write(batch.operations);
    return entries.length < max;
  }
}
