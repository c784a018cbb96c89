import { OperationError } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";
import { ValuePages } from "./valuePages.ts";

/** A store that lives as long as the process: tests, the simulator, `festina dev` without a data folder. */
export function createMemoryStore(): KeyValueStore {
  return new MemoryStore();
}

/** Names that share their first byte, as the keys of a table do. */
class Table {
  readonly #places = new Map<string, number>();
  #values = new ValuePages();
  /** In order; `null` since a key came or went. Ranges are rare, so sorting waits for one. */
  #sortedNames: readonly string[] | null = [];

  get(name: string): Uint8Array | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#values.read(place);
  }

  put(name: string, value: Uint8Array): void {
    const place = this.#places.get(name);
    if (place === undefined) this.#sortedNames = null;
    this.#places.set(name, place === undefined ? this.#values.add(value) : this.#values.replace(place, value));
    this.#tidy();
  }

  delete(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    this.#sortedNames = null;
    this.#places.delete(name);
    this.#values.remove(place);
    this.#tidy();
  }

  clear(): void {
    this.#places.clear();
    this.#values = new ValuePages();
    this.#sortedNames = [];
  }

  #tidy(): void {
    if (!this.#values.isWasteful) return;
    const old = this.#values;
    this.#values = new ValuePages();
    for (const [name, place] of this.#places) this.#places.set(name, this.#values.add(old.read(place)));
  }

  names(): readonly string[] {
    this.#sortedNames ??= [...this.#places.keys()].sort(compareNames);
    return this.#sortedNames;
  }
}

/** Whoever asks for a small table's range does not wait until the large ones are sorted: each is for itself. */
class MemoryStore implements KeyValueStore {
  readonly #tables: readonly Table[] = Array.from({ length: 256 }, () => new Table());
  #isClosed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen();
    const name = nameOf(key);
    return this.#tableOf(name).get(name);
  }

  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    this.#checkOpen();
    const [from, to] = [nameOf(range.from), nameOf(range.to)];
    const max = range.max ?? Number.POSITIVE_INFINITY;
    const tables = this.#tables.slice(tableIndex(from), tableIndex(to) + 1);
    const found: (readonly [Uint8Array, Uint8Array])[] = [];
    for (const table of range.reverse ? tables.reverse() : tables) {
      if (found.length >= max) break;
      const names = table.names();
      const first = lowerBound(names, from);
      const end = lowerBound(names, to);
      const count = Math.max(0, Math.min(end - first, max - found.length));
      const wanted = range.reverse ? names.slice(end - count, end).reverse() : names.slice(first, first + count);
      for (const name of wanted) found.push([keyOf(name), table.get(name) as Uint8Array]);
    }
    return found;
  }

  async write(batch: readonly WriteOperation[]): Promise<void> {
    this.#checkOpen();
    for (const operation of batch) {
      const name = nameOf(operation.key);
      if (operation.type === "put") this.#tableOf(name).put(name, operation.value);
      else this.#tableOf(name).delete(name);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const table of this.#tables) table.clear();
  }

  #tableOf(name: string): Table {
    return this.#tables[tableIndex(name)] as Table;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new OperationError("STORE_CLOSED", "the store is closed");
  }
}

/** Of the first byte; the empty name is below all others. */
function tableIndex(name: string): number {
  return name.length === 0 ? 0 : name.charCodeAt(0);
}

/** What `Buffer` has for `toString("latin1")`: it takes any bytes, and making a buffer of them costs twice what it does. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, from: number, to: number): string;
};

/** One character per byte: fit for a map, and ordered like the bytes. */
function nameOf(key: Uint8Array): string {
  return latin1Slice.call(key, 0, key.length);
}

function keyOf(name: string): Uint8Array {
  return new Uint8Array(Buffer.from(name, "latin1"));
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of the first name that is not below `wanted`. */
function lowerBound(names: readonly string[], wanted: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
