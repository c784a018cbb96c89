import type { WriteOperation } from "./keyValueStore.ts";

/** Collects what one fast block changes everywhere, so that it reaches the disk in one atomic step. */
export class WriteBatch {
  readonly #operations: WriteOperation[] = [];

  get operations(): readonly WriteOperation[] {
    return this.#operations;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#operations.push({ type: "put", key, value });
  }

  del(key: Uint8Array): void {
    this.#operations.push({ type: "del", key });
  }
}
