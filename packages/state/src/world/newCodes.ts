// Code that a block has deployed. It is found by its hash only once somebody looks for some, which few blocks do.
import type { Hash32 } from "@festina/primitives";

export class NewCodes {
  readonly #hashes: Hash32[] = [];
  readonly #codes: Uint8Array[] = [];
  readonly #byHash = new Map<Hash32, Uint8Array>();

  add(hash: Hash32, code: Uint8Array): void {
    this.#hashes.push(hash);
    this.#codes.push(code);
  }

  get(hash: Hash32): Uint8Array | undefined {
    if (this.#hashes.length > 0) this.#index();
    return this.#byHash.get(hash);
  }

  /** Each hash with its code, once. */
  [Symbol.iterator](): IterableIterator<[Hash32, Uint8Array]> {
    this.#index();
    return this.#byHash.entries();
  }

  #index(): void {
    for (const [index, hash] of this.#hashes.entries()) this.#byHash.set(hash, this.#codes[index] as Uint8Array);
    this.#hashes.length = 0;
    this.#codes.length = 0;
  }
}
