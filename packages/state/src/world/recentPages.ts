// Pages of the flat table that were read or written last, as they lie on disk. Whoever has asked for a slot often asks for
// its neighbours next, and whoever writes to a slot has asked for it before.
import type { Address } from "@festina/primitives";
import { isSamePage } from "./storagePage.ts";
import { copyWord, WORD_NUMBERS } from "./word.ts";

/** A page has one place where it can be: enough for the slots of a block, and two megabytes where all pages are full. */
const PLACES = 4_096;

export class RecentPages {
  readonly #addresses: (Address | null)[] = new Array(PLACES).fill(null);
  /** Any slot of each page. */
  readonly #slots = new Uint32Array(WORD_NUMBERS * PLACES);
  readonly #pages: (Uint8Array | undefined)[] = new Array(PLACES).fill(undefined);

  /** The page of the slot that a word names; `undefined` when it is not among them. */
  find(address: Address, words: Uint32Array, slot: number): Uint8Array | undefined {
    const place = placeOf(words, slot);
    if (this.#addresses[place] !== address || !isSamePage(this.#slots, WORD_NUMBERS * place, words, slot))
      return undefined;
    return this.#pages[place];
  }

  keep(address: Address, words: Uint32Array, slot: number, page: Uint8Array): void {
    const place = placeOf(words, slot);
    this.#addresses[place] = address;
    copyWord(words, slot, this.#slots, WORD_NUMBERS * place);
    this.#pages[place] = page;
  }

  clear(): void {
    this.#addresses.fill(null);
    this.#pages.fill(undefined);
  }
}

/** Pages in a row lie side by side, those of hashed slots anywhere. */
function placeOf(words: Uint32Array, slot: number): number {
  let mixed = (words[slot] as number) >>> 4;
  for (let i = slot + 1; i < slot + WORD_NUMBERS; i++) mixed ^= words[i] as number;
  return mixed & (PLACES - 1);
}
