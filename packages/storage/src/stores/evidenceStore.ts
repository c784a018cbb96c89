import { type Hash32, hexToBytes } from "@festina/primitives";
import type { KeyValueStore } from "../keyValueStore.ts";
import { prefixEnd, TABLE, tableKey } from "../tables.ts";

const key = (hash: Hash32): Uint8Array => tableKey(TABLE.evidence, hexToBytes(hash));

/** Evidence that waits for a block, by its hash. Encodings are the caller's. */
export class EvidenceStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** At most `max`, in the order of their hashes. */
  async all(max: number): Promise<readonly Uint8Array[]> {
    const prefix = tableKey(TABLE.evidence);
    const entries = await this.#store.entries({ from: prefix, to: prefixEnd(prefix), max });
    return entries.map(([, value]) => value);
  }

  save(hash: Hash32, encoded: Uint8Array): Promise<void> {
    return this.#store.write([{ type: "put", key: key(hash), value: encoded }], { sync: true });
  }

  forget(hashes: readonly Hash32[]): Promise<void> {
    return this.#store.write(hashes.map((hash) => ({ type: "del", key: key(hash) })));
  }
}
