import { assert, type Hash32, LruMap } from "@festina/primitives";
import type { Ancestry, SnailEntry } from "../block/ancestry.ts";
import { createSnailEntry } from "../block/ancestry.ts";
import type { SnailStore } from "../ports.ts";

/** Older blocks read back from the store stay here for the next question. */
const READ_BACK_MAX = 256;
/** Branches beside the best chain may take this many times the window before the lowest are left to the store. */
const BRANCHES_FACTOR = 4;

/**
 * All valid blocks: those of the last `window` heights in memory, older ones through the store. Knows the best chain as
 * a list of hashes by number; who is on it is decided elsewhere.
 */
export class HeaderTree implements Ancestry {
  readonly #window: number;
  readonly #store: SnailStore;
  readonly #entries = new Map<Hash32, SnailEntry>();
  readonly #readBack = new LruMap<Hash32, SnailEntry>(READ_BACK_MAX);
  readonly #canonical = new Map<number, Hash32>();
  #head: SnailEntry;

  constructor(head: SnailEntry, store: SnailStore, window: number) {
    this.#window = window;
    this.#store = store;
    this.#head = head;
    let entry: SnailEntry | undefined = head;
    while (entry !== undefined && this.#entries.size < window) {
      this.#entries.set(entry.hash, entry);
      this.#canonical.set(entry.block.header.number, entry.hash);
      entry = this.#load(entry.block.header.parentHash);
    }
  }

  get head(): SnailEntry {
    return this.#head;
  }

  /** Blocks held in memory, in no particular order. */
  entries(): IterableIterator<SnailEntry> {
    return this.#entries.values();
  }

  byHash(hash: Hash32): SnailEntry | undefined {
    return this.#entries.get(hash) ?? this.#load(hash);
  }

  canonicalHash(number: number): Hash32 | undefined {
    if (number < 0 || number > this.#head.block.header.number) return undefined;
    return this.#canonical.get(number) ?? this.#store.canonicalHash(number);
  }

  ancestor(hash: Hash32, number: number): Hash32 | undefined {
    let entry = this.byHash(hash);
    while (entry !== undefined && entry.block.header.number > number) {
      // From the best chain on downwards the list of its hashes answers at once.
      if (this.canonicalHash(entry.block.header.number) === entry.hash) return this.canonicalHash(number);
      entry = this.byHash(entry.block.header.parentHash);
    }
    return entry?.block.header.number === number ? entry.hash : undefined;
  }

  insert(entry: SnailEntry): void {
    this.#entries.set(entry.hash, entry);
  }

  /** Makes `head` the tip of the best chain. `reverted` and `applied` lead from the old one to it. */
  moveHead(head: SnailEntry, reverted: readonly SnailEntry[], applied: readonly SnailEntry[]): void {
    assert(applied.at(-1)?.hash === head.hash, "a move ends at the new head");
    for (const entry of reverted) this.#canonical.delete(entry.block.header.number);
    for (const entry of applied) this.#canonical.set(entry.block.header.number, entry.hash);
    this.#head = head;
  }

  /** Leaves old blocks to the store. To be called once the effects that told the store about them have run. */
  forgetOld(): void {
    if (this.#entries.size <= 2 * this.#window && this.#canonical.size <= 2 * this.#window) return;
    const lowest = this.#head.block.header.number - this.#window;
    for (const [hash, entry] of this.#entries) if (entry.block.header.number <= lowest) this.#entries.delete(hash);
    for (const number of this.#canonical.keys()) if (number <= lowest) this.#canonical.delete(number);
    this.#forgetBranches();
  }

  #forgetBranches(): void {
    const surplus = this.#entries.size - this.#window * BRANCHES_FACTOR;
    if (surplus <= 0) return;
    const byNumber = [...this.#entries.values()].sort((a, b) => a.block.header.number - b.block.header.number);
    for (const entry of byNumber.slice(0, surplus)) this.#entries.delete(entry.hash);
  }

  #load(hash: Hash32): SnailEntry | undefined {
    const known = this.#readBack.get(hash);
    if (known !== undefined) return known;
    const record = this.#store.blockByHash(hash);
    if (record === undefined) return undefined;
    const entry = createSnailEntry(hash, record);
    this.#readBack.set(hash, entry);
    return entry;
  }
}
