import { type Hash32, LruMap } from "@festina/primitives";

/** Hashes met lately, so that gossip goes round once. Bounded: the least recently met is forgotten first. */
export class SeenCache {
  readonly #hashes: LruMap<Hash32, true>;

  constructor(capacity: number) {
    this.#hashes = new LruMap(capacity);
  }

  /** True when the hash was not known; it is from now on. */
  add(hash: Hash32): boolean {
    if (this.#hashes.get(hash) !== undefined) return false;
    this.#hashes.set(hash, true);
    return true;
  }

  has(hash: Hash32): boolean {
    return this.#hashes.has(hash);
  }

  /** For what turned out to be worth another look, such as a body that never came. */
  forget(hash: Hash32): void {
    this.#hashes.delete(hash);
  }
}
