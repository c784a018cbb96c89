// Nodes that hashing has made, in the order in which it met them. Hashes become text when somebody first looks for one,
// which hardly anybody does: tries in memory have the nodes themselves.
import { type Hash32, toHash32 } from "@festina/primitives";

export class NewNodes {
  readonly #hashes: Uint8Array[] = [];
  readonly #encoded: Uint8Array[] = [];
  #byHash: Map<Hash32, Uint8Array> | null = null;

  /** A node that stands in two tries may be in it twice. */
  get size(): number {
    return this.#hashes.length;
  }

  add(hash: Uint8Array, encoded: Uint8Array): void {
    this.#hashes.push(hash);
    this.#encoded.push(encoded);
    this.#byHash = null;
  }

  get(hash: Hash32): Uint8Array | undefined {
    this.#byHash ??= new Map(this.#hashes.map((bytes, index) => [toHash32(bytes), this.#encoded[index] as Uint8Array]));
    return this.#byHash.get(hash);
  }

  /** Each hash with its node in RLP. */
  *[Symbol.iterator](): IterableIterator<readonly [Uint8Array, Uint8Array]> {
    for (let i = 0; i < this.#hashes.length; i++) yield [this.#hashes[i] as Uint8Array, this.#encoded[i] as Uint8Array];
  }
}
