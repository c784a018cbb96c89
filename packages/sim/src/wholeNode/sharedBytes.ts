// What several machines keep is kept once: nodes of one network write the same blocks and trie nodes within moments of each
// other. Like a file system that finds equal blocks, it changes nothing but how much memory a simulation takes.
import { equalBytes } from "@festina/primitives";

export interface StoredEntry {
  /** One character per byte of the key: fit for a map, and ordered like the bytes. */
  readonly name: string;
  /** Nobody writes to it. */
  readonly value: Uint8Array;
}

const CHUNK_BYTES = 256 * 1024;
/** More than all machines write between the first and the last of them that come to the same block. */
const RECENT_MAX = 8_192;

export const nameOf = (key: Uint8Array): string => Buffer.prototype.latin1Slice.call(key, 0, key.length);

export class SharedBytes {
  #recent = new Map<string, StoredEntry>();
  #older = new Map<string, StoredEntry>();
  #chunk = new Uint8Array(0);
  #used = 0;

  /** A lasting copy, shared with whoever stored the same under the same key not long ago. */
  keep(key: Uint8Array, value: Uint8Array): StoredEntry {
    const name = nameOf(key);
    const known = this.#recent.get(name) ?? this.#older.get(name);
    if (known !== undefined && equalBytes(known.value, value)) return known;
    const entry = { name, value: this.#copy(value) };
    if (this.#recent.size >= RECENT_MAX) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(name, entry);
    return entry;
  }

  #copy(value: Uint8Array): Uint8Array {
    if (value.length > CHUNK_BYTES / 8) return value.slice();
    if (this.#used + value.length > this.#chunk.length) {
      this.#chunk = new Uint8Array(CHUNK_BYTES);
      this.#used = 0;
    }
    const copy = this.#chunk.subarray(this.#used, this.#used + value.length);
    copy.set(value);
    this.#used += value.length;
    return copy;
  }
}
