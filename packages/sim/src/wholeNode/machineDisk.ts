// Everything that one machine keeps: the files of consensus and the store, on one disk that fills up, fails or is swapped
// as a whole.
import type { StruckDisk } from "../run/strike.ts";
import type { DiskImage, SimDisk } from "../world/disk.ts";
import type { SimStore, StoreImage } from "./simStore.ts";

export interface MachineImage {
  readonly files: DiskImage;
  readonly store: StoreImage;
}

export class MachineDisk implements StruckDisk<MachineImage> {
  readonly #files: SimDisk;
  readonly #store: SimStore;

  constructor(files: SimDisk, store: SimStore) {
    this.#files = files;
    this.#store = store;
  }

  get isFull(): boolean {
    return this.#files.isFull;
  }

  set isFull(isFull: boolean) {
    this.#files.isFull = isFull;
  }

  get isSyncBroken(): boolean {
    return this.#files.isSyncBroken;
  }

  set isSyncBroken(isSyncBroken: boolean) {
    this.#files.isSyncBroken = isSyncBroken;
  }

  image(): MachineImage {
    return { files: this.#files.image(), store: this.#store.image() };
  }

  restore({ files, store }: MachineImage): void {
    this.#files.restore(files);
    this.#store.restore(store);
  }

  wipe(): void {
    this.#files.wipe();
    this.#store.restore(new Map());
  }

  /** The store checks what it reads, so rot is of interest where files are read without one. */
  rot(): boolean {
    return this.#files.rot();
  }

  misdirect(bytes: number): boolean {
    return this.#files.misdirect(bytes);
  }
}
