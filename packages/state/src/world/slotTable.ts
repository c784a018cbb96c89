// Slots of many accounts, without an object for any of them: writes lie one after the other in arrays of numbers, and the
// newest to a slot counts. What is written is found when it is first looked for, so a write costs no more than a copy.
import type { Address } from "@festina/primitives";
import {
  copyWord,
  isSameWord,
  isZeroWord,
  WORD_NUMBERS,
  wordToBytes,
  wordToMinimalBytes,
  wordToRlp,
  writeWord,
} from "./word.ts";

/** A slot and its value. */
const WRITE_NUMBERS = 2 * WORD_NUMBERS;
const WRITES_FIRST = 16;
/** Below so many writes, tables grow in larger steps: a block makes many of them, and each step copies. */
const SMALL = 4_096;
const NEIGHBOURS = 7;

export class SlotTable {
  /** Who picks slots does not know it: slots that would all be looked for in one place are hard to find. */
  readonly #seed: number;
  readonly #ids = new Map<Address, number>();
  /** The account that was asked for last, and its id or -1: slots are asked for in rows. */
  #asked: Address | null = null;
  #askedId = -1;
  /** By id, also of accounts that have another by now. */
  readonly #addresses: Address[] = [];
  #writes = new Uint32Array(WRITE_NUMBERS * WRITES_FIRST);
  #owners = new Uint32Array(WRITES_FIRST);
  /** The write to the same slot before; -1 for the first. */
  #before = new Int32Array(WRITES_FIRST);
  #length = 0;
  /** Open addressing over the first `#indexed` writes: one more than the newest to its slot; 0 where nothing is. */
  #places = new Int32Array(2 * WRITES_FIRST);
  #indexed = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How many writes it remembers. */
  get length(): number {
    return this.#length;
  }

  /** Whether the account was ever written to; perhaps all of that has been taken back. */
  hasMet(address: Address): boolean {
    return this.#ids.has(address);
  }

  /** `count` slots, each with its value, from an index of `words` on. */
  append(address: Address, words: Uint32Array, from: number, count: number): void {
    const length = this.#length + count;
    if (length > this.#owners.length) this.#grow(length);
    const id = this.#idOf(address);
    if (count === 1) {
      this.#owners[this.#length] = id;
      const at = WRITE_NUMBERS * this.#length;
      copyWord(words, from, this.#writes, at);
      copyWord(words, from + WORD_NUMBERS, this.#writes, at + WORD_NUMBERS);
    } else {
      this.#owners.fill(id, this.#length, length);
      this.#writes.set(words.subarray(from, from + WRITE_NUMBERS * count), WRITE_NUMBERS * this.#length);
    }
    this.#length = length;
  }

  /** Takes back the newest writes until `length` are left. */
  shorten(length: number): void {
    while (this.#indexed > length) {
      const write = --this.#indexed;
      // What came to the table last leaves it first, so nothing behind it was put aside for it.
      this.#places[this.#placeOf(write)] = (this.#before[write] as number) + 1;
    }
    this.#length = length;
  }

  /** All slots of the account are as if never written. @returns what undoes that */
  forget(address: Address): () => void {
    const id = this.#ids.get(address);
    this.#ids.delete(address);
    this.#asked = null;
    return () => {
      if (id === undefined) this.#ids.delete(address);
      else this.#ids.set(address, id);
      this.#asked = null;
    };
  }

  /** Of a slot, named by a word: a number for the other methods; -1 when nothing was written to it. */
  newest(address: Address, words: Uint32Array, slot: number): number {
    const id = this.#knownId(address);
    if (id < 0) return -1;
    this.#index();
    return (this.#places[this.#search(id, words, slot)] as number) - 1;
  }

  copyValue(write: number, words: Uint32Array, to: number): void {
    copyWord(this.#writes, WRITE_NUMBERS * write + WORD_NUMBERS, words, to);
  }

  /** Slot and value. */
  copyWrite(write: number, words: Uint32Array, to: number): void {
    copyWord(this.#writes, WRITE_NUMBERS * write, words, to);
    this.copyValue(write, words, to + WORD_NUMBERS);
  }

  /** 32 bytes, big-endian. */
  slotOf(write: number): Uint8Array {
    return wordToBytes(this.#writes, WRITE_NUMBERS * write);
  }

  /** The same, into 32 bytes that are there already. */
  copySlotTo(write: number, bytes: Uint8Array): void {
    writeWord(this.#writes, WRITE_NUMBERS * write, bytes, 0);
  }

  /** In RLP, as leaves of tries have it; `null` for zero, which no trie holds. */
  encodedValueOf(write: number): Uint8Array | null {
    return wordToRlp(this.#writes, WRITE_NUMBERS * write + WORD_NUMBERS);
  }

  /** Big-endian without leading zeros; empty for zero. */
  valueOf(write: number): Uint8Array {
    return wordToMinimalBytes(this.#writes, WRITE_NUMBERS * write + WORD_NUMBERS);
  }

  /** The newest writes to each slot of each account that has any. */
  byAccount(): ReadonlyMap<Address, readonly number[]> {
    this.#index();
    const accounts = new Map<Address, number[]>();
    for (let write = 0; write < this.#length; write++) {
      const owner = this.#owners[write] as number;
      const address = this.#addresses[owner] as Address;
      if (this.#ids.get(address) !== owner || this.#places[this.#placeOf(write)] !== write + 1) continue;
      const writes = accounts.get(address);
      if (writes === undefined) accounts.set(address, [write]);
      else writes.push(write);
    }
    return accounts;
  }

  /** Whether any slot of the account was last written to with something. */
  holdsValue(address: Address): boolean {
    const id = this.#knownId(address);
    if (id < 0) return false;
    this.#index();
    for (let write = 0; write < this.#length; write++) {
      if (this.#owners[write] !== id || isZeroWord(this.#writes, WRITE_NUMBERS * write + WORD_NUMBERS)) continue;
      if (this.#places[this.#placeOf(write)] === write + 1) return true;
    }
    return false;
  }

  /** -1 for an account without one. */
  #knownId(address: Address): number {
    if (this.#asked === address) return this.#askedId;
    this.#asked = address;
    this.#askedId = this.#ids.get(address) ?? -1;
    return this.#askedId;
  }

  #idOf(address: Address): number {
    const known = this.#knownId(address);
    if (known >= 0) return known;
    this.#askedId = this.#addresses.push(address) - 1;
    this.#ids.set(address, this.#askedId);
    return this.#askedId;
  }

  #grow(length: number): void {
    const before = this.#owners.length;
    const room = Math.max(length, (before < SMALL ? 4 : 2) * before);
    const [writes, owners, earlier] = [this.#writes, this.#owners, this.#before];
    this.#writes = new Uint32Array(WRITE_NUMBERS * room);
    this.#writes.set(writes);
    this.#owners = new Uint32Array(room);
    this.#owners.set(owners);
    this.#before = new Int32Array(room);
    this.#before.set(earlier);
  }

  /** Makes everything that was written findable. */
  #index(): void {
    if (this.#indexed === this.#length) return;
    if (2 * this.#length > this.#places.length) {
      let size = 2 * this.#places.length;
      while (size < 4 * this.#length) size *= 2;
      this.#places = new Int32Array(size);
      this.#indexed = 0;
    }
    for (let write = this.#indexed; write < this.#length; write++) {
      const place = this.#placeOf(write);
      this.#before[write] = (this.#places[place] as number) - 1;
      this.#places[place] = write + 1;
    }
    this.#indexed = this.#length;
  }

  /** Where the write's slot is, or belongs. */
  #placeOf(write: number): number {
    return this.#search(this.#owners[write] as number, this.#writes, WRITE_NUMBERS * write);
  }

  /** Slots whose numbers differ in the lowest bits alone are looked for side by side: fields of a record, items of a list. */
  #search(owner: number, words: Uint32Array, slot: number): number {
    const mask = this.#places.length - 1;
    const low = words[slot] as number;
    let hash = Math.imul(this.#seed ^ owner ^ (low & ~NEIGHBOURS), 0x9e3779b1);
    hash ^= hash >>> 15;
    for (let i = slot + 1; i < slot + WORD_NUMBERS; i++) {
      hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let place = ((hash & ~NEIGHBOURS) | (low & NEIGHBOURS)) & mask; ; place = (place + 1) & mask) {
      const write = (this.#places[place] as number) - 1;
      if (write < 0 || (this.#owners[write] === owner && isSameWord(this.#writes, WRITE_NUMBERS * write, words, slot)))
        return place;
    }
  }
}
