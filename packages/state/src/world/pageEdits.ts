// Slots of one account that change together, page by page: each page is read once, and written once.
import { bytesToHex, type Hex } from "@festina/primitives";
import { TABLE, type WriteBatch } from "@festina/storage";
import { decodePage, encodePage, type PageValues, placeInPage, toPageName } from "./storagePage.ts";

const SLOT_BYTES = 32;

export class PageEdits {
  readonly #address: Uint8Array;
  readonly #read: (key: Uint8Array) => Uint8Array | undefined;
  readonly #first = new Uint8Array(SLOT_BYTES);
  readonly #pages = new Map<Hex, { readonly key: Uint8Array; readonly values: PageValues }>();

  /** `read`: what the flat table holds under a key before. */
  constructor(address: Uint8Array, read: (key: Uint8Array) => Uint8Array | undefined) {
    this.#address = address;
    this.#read = read;
  }

  /** `slot`: 32 bytes; `value`: without leading zeros, empty for none. @throws InvariantError where a page is damaged */
  set(slot: Uint8Array, value: Uint8Array): void {
    const place = placeInPage(slot[SLOT_BYTES - 1] as number);
    this.#first.set(slot);
    toPageName(this.#first, 0);
    const name = bytesToHex(this.#first);
    let page = this.#pages.get(name);
    if (page === undefined) {
      const key = this.#keyOfFirst();
      page = { key, values: decodePage(this.#read(key)) };
      this.#pages.set(name, page);
    }
    page.values[place] = value;
  }

  #keyOfFirst(): Uint8Array {
    const key = new Uint8Array(1 + this.#address.length + SLOT_BYTES);
    key[0] = TABLE.storagePage;
    key.set(this.#address, 1);
    key.set(this.#first, 1 + this.#address.length);
    return key;
  }

  /** `onPage` hears what each key then holds: a page, or nothing where it is empty. */
  addTo(batch: WriteBatch, onPage?: (key: Uint8Array, page: Uint8Array) => void): void {
    for (const { key, values } of this.#pages.values()) {
      const page = encodePage(values);
      if (page.length === 0) batch.del(key);
      else batch.put(key, page);
      onPage?.(key, page);
    }
  }
}
