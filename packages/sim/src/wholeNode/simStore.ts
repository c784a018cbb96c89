// A key-value store that loses what a LevelDB loses: batches are atomic and in order, and of those behind the last
// synced one a crash keeps as many as chance has it.
import { OperationError } from "@festina/primitives";
import type { KeyRange, KeyValueStore, WriteOperation } from "@festina/storage";
import type { SimDisk } from "../world/disk.ts";
import type { Dice } from "../world/streams.ts";
import { nameOf, SharedBytes } from "./sharedBytes.ts";

type Undo = readonly (readonly [name: string, before: Uint8Array | undefined])[];
export type StoreImage = ReadonlyMap<string, Uint8Array>;

const keyOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(name, "latin1"));

export class SimStore {
  readonly #dice: Dice;
  readonly #disk: SimDisk;
  readonly #bytes: SharedBytes;
  #values = new Map<string, Uint8Array>();
  /** What takes back each batch that is not synced, oldest first. */
  #unsynced: Undo[] = [];

  /** Full and broken are properties of the disk that it lies on. */
  constructor(dice: Dice, disk: SimDisk, bytes: SharedBytes = new SharedBytes()) {
    this.#dice = dice;
    this.#disk = disk;
    this.#bytes = bytes;
  }

  /** The store as one process sees it; after its end nothing of what it does arrives. */
  open(isDead: () => boolean): KeyValueStore {
    return {
      get: (key) => this.#values.get(nameOf(key)),
      entries: async (range) => this.#entries(range),
      write: async (batch, options) => {
        if (isDead()) return new Promise<never>(() => undefined);
        this.#write(batch, options?.sync ?? false);
      },
      close: async () => undefined,
    };
  }

  crash(): void {
    const lost = this.#unsynced.length === 0 ? 0 : this.#dice.below(this.#unsynced.length + 1);
    for (const undo of this.#unsynced.slice(this.#unsynced.length - lost).reverse()) {
      for (const [name, before] of undo) {
        if (before === undefined) this.#values.delete(name);
        else this.#values.set(name, before);
      }
    }
    this.#unsynced = [];
  }

  image(): StoreImage {
    return new Map(this.#values);
  }

  restore(image: StoreImage): void {
    this.#values = new Map(image);
    this.#unsynced = [];
  }

  #write(batch: readonly WriteOperation[], sync: boolean): void {
    if (this.#disk.isFull || (sync && this.#disk.isSyncBroken))
      throw new OperationError("STORE_WRITE_FAILED", "writing to the store failed");
    const undo: (readonly [string, Uint8Array | undefined])[] = [];
    for (const operation of batch) {
      const { name, value } =
        operation.type === "put"
          ? this.#bytes.keep(operation.key, operation.value)
          : { name: nameOf(operation.key), value: undefined };
      if (!sync) undo.push([name, this.#values.get(name)]);
      if (value !== undefined) this.#values.set(name, value);
      else this.#values.delete(name);
    }
    if (sync) this.#unsynced = [];
    else this.#unsynced.push(undo.reverse());
  }

  #entries(range: KeyRange): readonly (readonly [Uint8Array, Uint8Array])[] {
    const from = nameOf(range.from);
    const to = nameOf(range.to);
    const names = [...this.#values.keys()].filter((name) => name >= from && name < to).sort();
    if (range.reverse) names.reverse();
    const count = Math.min(names.length, range.max ?? Number.POSITIVE_INFINITY);
    return names.slice(0, count).map((name) => [keyOf(name), this.#values.get(name) as Uint8Array] as const);
  }
}
