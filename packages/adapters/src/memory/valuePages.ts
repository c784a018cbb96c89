/** A page holds many values; as many bytes lie between the places of two pages, however small the first ones are. */
const PAGE_BYTES = 64 * 1024;
/** Of most tables a small chain fills no more. */
const FIRST_PAGE_BYTES = 1024;
const PAGE_GROWTH = 4;
/** In front of each value: how long it is, little-endian. */
const LENGTH_BYTES = 4;
/** Waste below it is not worth moving everything. */
const WASTE_BYTES_MIN = PAGE_BYTES;

/**
 * Byte strings, one behind the other in pages. An array for each would cost some 250 bytes beside its content, and its
 * memory would be given back in pieces that nothing else fits in.
 */
export class ValuePages {
  #pages: Uint8Array[] = [];
  /** Of the last page. */
  #usedBytes = 0;
  #heldBytes = 0;
  #wastedBytes = 0;

  /** Whether most of the pages is what was removed, so that moving what is left to other pages is worth while. */
  get isWasteful(): boolean {
    return this.#wastedBytes > WASTE_BYTES_MIN && this.#wastedBytes > this.#heldBytes;
  }

  /** Answers with its place. */
  add(value: Uint8Array): number {
    const bytes = LENGTH_BYTES + value.length;
    const page = this.#pageWithRoom(bytes);
    const at = this.#usedBytes;
    writeLength(page, at, value.length);
    page.set(value, at + LENGTH_BYTES);
    this.#usedBytes += bytes;
    this.#heldBytes += bytes;
    return (this.#pages.length - 1) * PAGE_BYTES + at;
  }

  /** A copy of the value at this place. */
  read(place: number): Uint8Array {
    const page = this.#pageOf(place);
    const at = (place % PAGE_BYTES) + LENGTH_BYTES;
    return page.slice(at, at + readLength(page, at - LENGTH_BYTES));
  }

  /** Answers with the place of the new value, the same one where it is as long as the old. */
  replace(place: number, value: Uint8Array): number {
    const page = this.#pageOf(place);
    const at = place % PAGE_BYTES;
    if (readLength(page, at) === value.length) {
      page.set(value, at + LENGTH_BYTES);
      return place;
    }
    this.remove(place);
    return this.add(value);
  }

  remove(place: number): void {
    const bytes = LENGTH_BYTES + readLength(this.#pageOf(place), place % PAGE_BYTES);
    this.#heldBytes -= bytes;
    this.#wastedBytes += bytes;
  }

  #pageOf(place: number): Uint8Array {
    return this.#pages[Math.floor(place / PAGE_BYTES)] as Uint8Array;
  }

  #pageWithRoom(bytes: number): Uint8Array {
    const last = this.#pages.at(-1);
    if (last !== undefined && this.#usedBytes + bytes <= last.length) return last;
    const next = Math.min(PAGE_BYTES, last === undefined ? FIRST_PAGE_BYTES : last.length * PAGE_GROWTH);
    // What is larger than a page begins one of its own, which is full then.
    const page = new Uint8Array(Math.max(next, bytes));
    this.#pages.push(page);
    this.#usedBytes = 0;
    return page;
  }
}

function writeLength(page: Uint8Array, at: number, length: number): void {
  for (let index = 0; index < LENGTH_BYTES; index++) page[at + index] = length >>> (8 * index);
}

function readLength(page: Uint8Array, at: number): number {
  let length = 0;
  for (let index = LENGTH_BYTES - 1; index >= 0; index--) length = length * 256 + (page[at + index] as number);
  return length;
}
