// Neighbouring slots of one account as one value on disk: fields of a record and items of a list are asked for together. A
// page says which of its slots hold something, two bytes with a bit for each from the lowest on; then come their values in
// that order, each without leading zeros behind a byte with its length, which the last does without.
import { assert, EMPTY_BYTES } from "@festina/primitives";
import { bytesToWord, clearWord, WORD_NUMBERS } from "./word.ts";

/** Wider pages save few reads more, and every write of a slot writes its neighbours again. */
export const PAGE_SLOTS = 16;
const BITMAP_BYTES = 2;
const VALUE_BYTES_MAX = 32;
const PLACE_BITS = 4;
const LOW_BYTE_PLACES = PAGE_SLOTS - 1;

/** By place in the page: the value without leading zeros; empty, `undefined` or no more where nothing is. */
export type PageValues = (Uint8Array | undefined)[];

/** Of a slot's last byte, or of its lowest 32 bits. */
export const placeInPage = (low: number): number => low & LOW_BYTE_PLACES;

/** Makes a slot's 32 bytes those of its page's first slot, after which the page is called. */
export function toPageName(bytes: Uint8Array, from: number): void {
  const last = from + VALUE_BYTES_MAX - 1;
  bytes[last] = (bytes[last] as number) & ~LOW_BYTE_PLACES;
}

/** Whether two slots, each a word, lie in one page. */
export function isSamePage(a: Uint32Array, at: number, b: Uint32Array, bAt: number): boolean {
  if ((a[at] as number) >>> PLACE_BITS !== (b[bAt] as number) >>> PLACE_BITS) return false;
  for (let i = 1; i < WORD_NUMBERS; i++) if (a[at + i] !== b[bAt + i]) return false;
  return true;
}

const bitmapOf = (page: Uint8Array): number => ((page[0] as number) << 8) | (page[1] as number);

/** Whether bytes from the disk are a page in the one form that a page has. */
export function isPage(bytes: Uint8Array): boolean {
  if (bytes.length <= BITMAP_BYTES) return false;
  let rest = bitmapOf(bytes);
  let at = BITMAP_BYTES;
  // All but the last have a length in front.
  for (rest &= rest - 1; rest !== 0; rest &= rest - 1) {
    const length = bytes[at] as number;
    if (!isValue(bytes, at + 1, length)) return false;
    at += 1 + length;
  }
  return bitmapOf(bytes) !== 0 && isValue(bytes, at, bytes.length - at);
}

function isValue(bytes: Uint8Array, from: number, length: number): boolean {
  return length > 0 && length <= VALUE_BYTES_MAX && from + length <= bytes.length && bytes[from] !== 0;
}

/** @throws InvariantError for what is no page: the disk is damaged, and nobody can say what the slots held */
export function assertPage(bytes: Uint8Array): void {
  assert(isPage(bytes), "a storage page is damaged");
}

/** Value of the slot at a place, as a word; 0 when absent. An empty page has no slots. */
export function readFromPage(page: Uint8Array, place: number, words: Uint32Array, to: number): void {
  const bitmap = page.length === 0 ? 0 : bitmapOf(page);
  if ((bitmap & (1 << place)) === 0) return clearWord(words, to);
  let at = BITMAP_BYTES;
  for (let before = bitmap & ((1 << place) - 1); before !== 0; before &= before - 1) at += 1 + (page[at] as number);
  if (bitmap >>> (place + 1) === 0) bytesToWord(page, words, to, at, page.length);
  else bytesToWord(page, words, to, at + 1, at + 1 + (page[at] as number));
}

/** Of no page at all: no values. @throws InvariantError as `assertPage` */
export function decodePage(page: Uint8Array | undefined): PageValues {
  const values: PageValues = [];
  if (page === undefined) return values;
  assertPage(page);
  const bitmap = bitmapOf(page);
  let at = BITMAP_BYTES;
  for (let place = 0; bitmap >>> place !== 0; place++) {
    const isThere = (bitmap & (1 << place)) !== 0;
    const isLast = bitmap >>> (place + 1) === 0;
    const from = isThere && !isLast ? at + 1 : at;
    const end = isLast ? page.length : isThere ? from + (page[at] as number) : at;
    values.push(isThere ? page.subarray(from, end) : undefined);
    at = end;
  }
  return values;
}

const isHeld = (value: Uint8Array | undefined): value is Uint8Array => value !== undefined && value.length > 0;

/** Empty where no slot holds anything: such a page is not kept. */
export function encodePage(values: PageValues): Uint8Array {
  let bitmap = 0;
  let length = BITMAP_BYTES - 1;
  for (let place = 0; place < values.length; place++) {
    const value = values[place];
    if (!isHeld(value)) continue;
    bitmap |= 1 << place;
    length += 1 + value.length;
  }
  if (bitmap === 0) return EMPTY_BYTES;
  const page = new Uint8Array(length);
  page[0] = bitmap >>> 8;
  page[1] = bitmap;
  let at = BITMAP_BYTES;
  for (let place = 0; place < values.length; place++) {
    const value = values[place];
    if (!isHeld(value)) continue;
    if (bitmap >>> (place + 1) !== 0) page[at++] = value.length;
    page.set(value, at);
    at += value.length;
  }
  return page;
}
