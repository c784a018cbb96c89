import { assert, type Hash32 } from "@festina/primitives";
import {
  decodeSnailRecord,
  encodeSnailRecord,
  type SnailEntry,
  type SnailRecord,
  type SnailStore,
} from "@festina/snailchain";
import { type KeyValueStore, MetaStore, SnailBlockStore, WriteBatch } from "@festina/storage";

/** The snail chain on disk. Writes are queued and batched; until they are done, reads answer from what was queued. */
export class SnailDatabase implements SnailStore {
  readonly #store: KeyValueStore;
  readonly #blocks: SnailBlockStore;
  readonly #meta: MetaStore;
  readonly #recordsOnTheWay = new Map<Hash32, SnailRecord>();
  readonly #numbersOnTheWay = new Map<number, Hash32 | null>();
  #batch = new WriteBatch();
  #writing: Promise<void> | null = null;
  readonly #onFatal: (error: unknown) => void;

  constructor(store: KeyValueStore, onFatal: (error: unknown) => void) {
    this.#store = store;
    this.#blocks = new SnailBlockStore(store);
    this.#meta = new MetaStore(store);
    this.#onFatal = onFatal;
  }

  headHash(): Hash32 | null {
    return this.#meta.snailHead() ?? null;
  }

  blockByHash(hash: Hash32): SnailRecord | undefined {
    const queued = this.#recordsOnTheWay.get(hash);
    if (queued !== undefined) return queued;
    const stored = this.#blocks.block(hash);
    if (stored === undefined) return undefined;
    const record = decodeSnailRecord(stored.encoded);
    assert(record.ok, `stored snail block ${hash} is damaged`);
    return record.value;
  }

  canonicalHash(number: number): Hash32 | undefined {
    const queued = this.#numbersOnTheWay.get(number);
    if (queued !== undefined) return queued ?? undefined;
    return this.#blocks.canonicalHash(number);
  }

  /** Number of the best chain's block that packs this fruit. */
  fruitLocation(fruit: Hash32): number | undefined {
    return this.#blocks.fruitLocation(fruit);
  }

  save(entry: SnailEntry): void {
    const { block, totalDifficulty, stalledSeconds } = entry;
    const record = { block, totalDifficulty, stalledSeconds };
    this.#recordsOnTheWay.set(entry.hash, record);
    this.#blocks.save(this.#batch, entry.hash, { encoded: encodeSnailRecord(record), totalDifficulty });
    this.#flush();
  }

  saveHead(head: SnailEntry, reverted: readonly SnailEntry[], applied: readonly SnailEntry[]): void {
    for (const { block, fruitHashes } of reverted) {
      this.#numbersOnTheWay.set(block.header.number, null);
      this.#blocks.removeCanonical(this.#batch, block.header.number, [...fruitHashes]);
    }
    for (const { block, hash, fruitHashes } of applied) {
      this.#numbersOnTheWay.set(block.header.number, hash);
      this.#blocks.saveCanonical(this.#batch, block.header.number, hash, [...fruitHashes]);
    }
    this.#meta.saveSnailHead(this.#batch, head.hash);
    this.#flush();
  }

  async close(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #flush(): void {
    if (this.#writing !== null) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = null;
    });
    this.#writing.catch(this.#onFatal);
  }

  async #writeAll(): Promise<void> {
    while (this.#batch.operations.length > 0) {
      const batch = this.#batch;
      const records = [...this.#recordsOnTheWay.keys()];
      const numbers = [...this.#numbersOnTheWay];
      this.#batch = new WriteBatch();
      await this.#store.write(batch.operations);
      for (const hash of records) this.#recordsOnTheWay.delete(hash);
      // A number that was written again meanwhile is still on its way.
      for (const [number, hash] of numbers)
        if (this.#numbersOnTheWay.get(number) === hash) this.#numbersOnTheWay.delete(number);
    }
  }
}
