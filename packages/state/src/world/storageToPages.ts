// Data folders up to format 3 have a key for every slot; since format 4, neighbouring slots lie in pages.
import { assert, EMPTY_BYTES, equalBytes } from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey, WriteBatch } from "@festina/storage";
import { PageEdits } from "./pageEdits.ts";

const ADDRESS_END = 1 + 20;
const KEY_BYTES = ADDRESS_END + 32;
const VALUE_BYTES_MAX = 32;
const SLOTS_PER_BATCH = 5_000;

export interface MoveOptions {
  /** Slots moved in one batch. */
  readonly batchSlots?: number;
  /** Hears after each batch how many slots this call has moved. */
  readonly onProgress?: (slots: number) => void;
}

/**
 * The step from format 3 to 4: moves every slot of the flat table into its page. Each batch puts pages and deletes the slots
 * that went into them, so it may end after any batch and be called again, and does nothing to a table that is moved. The
 * format version in the folder is the caller's to raise, afterwards. Answers with how many slots it has moved.
 *
 * @throws InvariantError when an entry of the table is damaged, OperationError when the store fails
 */
export async function moveStorageToPages(store: KeyValueStore, options: MoveOptions = {}): Promise<number> {
  const { batchSlots = SLOTS_PER_BATCH, onProgress } = options;
  const from = tableKey(TABLE.storage);
  const to = prefixEnd(from);
  let moved = 0;
  for (;;) {
    const entries = await store.entries({ from, to, max: batchSlots });
    if (entries.length === 0) return moved;
    await store.write(movingBatch(store, entries).operations);
    moved += entries.length;
    onProgress?.(moved);
  }
}

/** Entries come in the order of their keys, so an account's follow each other. */
function movingBatch(store: KeyValueStore, entries: readonly (readonly [Uint8Array, Uint8Array])[]): WriteBatch {
  const batch = new WriteBatch();
  let edits: PageEdits | null = null;
  let address: Uint8Array = EMPTY_BYTES;
  for (const [key, value] of entries) {
    const isEntry = key.length === KEY_BYTES && value.length > 0 && value.length <= VALUE_BYTES_MAX && value[0] !== 0;
    assert(isEntry, "an entry of the storage table is damaged");
    const owner = key.subarray(1, ADDRESS_END);
    if (edits === null || !equalBytes(owner, address)) {
      edits?.addTo(batch);
      edits = new PageEdits(owner, (pageKey) => store.get(pageKey));
      address = owner;
    }
    edits.set(key.subarray(ADDRESS_END), value);
    batch.del(key);
  }
  edits?.addTo(batch);
  return batch;
}
