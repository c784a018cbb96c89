import type { NodeId } from "@festina/network";
import type { Hash32 } from "@festina/primitives";

/** Transactions remembered; of older ones nobody is known to have them, so that they go whole. */
const HASHES_MAX = 8_192;
/** Peers told apart; of further ones nothing is known. */
const PEERS_MAX = 128;
const WORD_BITS = 32;
const WORDS = PEERS_MAX / WORD_BITS;

/** Which peers have which transactions: they sent or named them, or were sent them. One bit for each, in one table. */
export class HeldByPeers {
  readonly #bits = new Uint32Array(HASHES_MAX * WORDS);
  /** Row of the table. */
  readonly #rows = new Map<Hash32, number>();
  readonly #hashes: (Hash32 | undefined)[] = [];
  readonly #places = new Map<NodeId, number>();
  readonly #freePlaces = Array.from({ length: PEERS_MAX }, (_, index) => PEERS_MAX - 1 - index);
  #nextRow = 0;

  get size(): number {
    return this.#rows.size;
  }

  add(peer: NodeId, hash: Hash32): void {
    const place = this.#placeOf(peer);
    if (place === undefined) return;
    const at = this.#rowOf(hash) * WORDS + Math.floor(place / WORD_BITS);
    this.#bits[at] = (this.#bits[at] as number) | (1 << (place % WORD_BITS));
  }

  has(peer: NodeId, hash: Hash32): boolean {
    const place = this.#places.get(peer);
    const row = this.#rows.get(hash);
    if (place === undefined || row === undefined) return false;
    return ((this.#bits[row * WORDS + Math.floor(place / WORD_BITS)] as number) & (1 << (place % WORD_BITS))) !== 0;
  }

  /** It may have lost what it had. */
  onGone(peer: NodeId): void {
    const place = this.#places.get(peer);
    if (place === undefined) return;
    this.#places.delete(peer);
    this.#freePlaces.push(place);
    const mask = ~(1 << (place % WORD_BITS));
    for (let at = Math.floor(place / WORD_BITS); at < this.#bits.length; at += WORDS)
      this.#bits[at] = (this.#bits[at] as number) & mask;
  }

  #placeOf(peer: NodeId): number | undefined {
    const known = this.#places.get(peer);
    if (known !== undefined) return known;
    const place = this.#freePlaces.pop();
    if (place !== undefined) this.#places.set(peer, place);
    return place;
  }

  /** The oldest row becomes the newest. */
  #rowOf(hash: Hash32): number {
    const known = this.#rows.get(hash);
    if (known !== undefined) return known;
    const row = this.#nextRow;
    this.#nextRow = (row + 1) % HASHES_MAX;
    const before = this.#hashes[row];
    if (before !== undefined) this.#rows.delete(before);
    this.#hashes[row] = hash;
    this.#rows.set(hash, row);
    this.#bits.fill(0, row * WORDS, (row + 1) * WORDS);
    return row;
  }
}
