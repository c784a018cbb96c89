import { OperationError } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";

/** A store that lives as long as the process: tests, the simulator, `festina dev` without a data folder. */
export function createMemoryStore(): KeyValueStore {
  return new MemoryStore();
}

class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, Uint8Array>();
  /** All keys in order; `null` since a key came or went. Ranges are rare, so sorting waits for one. */
  #sortedKeys: string[] | null = [];
  #isClosed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen();
    const value = this.#values.get(nameOf(key));
    // `slice` first looks for what kind of array to make: of a few bytes, that costs more than finding them.
    return value === undefined ? undefined : new Uint8Array(value);
  }

  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    this.#checkOpen();
    this.#sortedKeys ??= [...this.#values.keys()].sort(compareNames);
    const first = lowerBound(this.#sortedKeys, nameOf(range.from));
    const end = lowerBound(this.#sortedKeys, nameOf(range.to));
    const count = Math.max(0, Math.min(end - first, range.max ?? Number.POSITIVE_INFINITY));
    const names = range.reverse
      ? this.#sortedKeys.slice(end - count, end).reverse()
      : this.#sortedKeys.slice(first, first + count);
    return names.map((name) => [keyOf(name), new Uint8Array(this.#values.get(name) as Uint8Array)] as const);
  }

  async write(batch: readonly WriteOperation[]): Promise<void> {
    this.#checkOpen();
    for (const operation of batch) {
      const name = nameOf(operation.key);
      if (operation.type === "put") {
        if (!this.#values.has(name)) this.#sortedKeys = null;
        this.#values.set(name, new Uint8Array(operation.value));
      } else if (this.#values.delete(name)) {
        this.#sortedKeys = null;
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#values.clear();
    this.#sortedKeys = [];
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new OperationError("STORE_CLOSED", "the store is closed");
  }
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
