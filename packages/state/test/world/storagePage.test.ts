import { bytesToBigint, createPrng, equalBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  decodePage,
  encodePage,
  isPage,
  isSamePage,
  PAGE_SLOTS,
  type PageValues,
  placeInPage,
  readFromPage,
  toPageName,
} from "../../src/world/storagePage.ts";
import { wordToBigint } from "../../src/world/word.ts";

const random = createPrng(31);

function someValues(share: number): PageValues {
  return Array.from({ length: PAGE_SLOTS }, () => {
    if (random.below(100) >= share) return undefined;
    const value = Uint8Array.from({ length: 1 + random.below(32) }, () => random.below(256));
    value[0] = 1 + random.below(255);
    return value;
  });
}

const read = (page: Uint8Array, place: number): bigint => {
  const words = new Uint32Array(16).fill(7);
  readFromPage(page, place, words, 8);
  return wordToBigint(words, 8);
};

describe("a storage page", () => {
  it("gives back what went into it, slot by slot and all at once", () => {
    for (let round = 0; round < 500; round++) {
      const values = someValues(round % 101);
      const page = encodePage(values);
      const decoded = decodePage(page.length === 0 ? undefined : page);
      expect(values.map((_, place) => decoded[place])).toEqual(values);
      for (let place = 0; place < PAGE_SLOTS; place++)
        expect(read(page, place)).toBe(bytesToBigint(values[place] ?? new Uint8Array()));
    }
  });

  it("is three bytes for one small value, wherever it stands, and none for none", () => {
    for (let place = 0; place < PAGE_SLOTS; place++) {
      const values: PageValues = new Array(PAGE_SLOTS).fill(undefined);
      values[place] = Uint8Array.of(9);
      expect(encodePage(values)).toHaveLength(3);
    }
    expect(encodePage([new Uint8Array(), undefined])).toHaveLength(0);
  });

  it("has one form: bytes that are another are refused", () => {
    let refused = 0;
    for (let round = 0; round < 1_500; round++) {
      const page = encodePage(someValues(30));
      if (page.length === 0) continue;
      const damaged = page.slice(0, random.below(4) === 0 ? random.below(page.length) : page.length);
      if (damaged.length > 0) damaged[random.below(Math.min(damaged.length, 6))] = random.below(256);
      if (isPage(damaged)) expect(equalBytes(encodePage(decodePage(damaged)), damaged)).toBe(true);
      else {
        refused += 1;
        expect(() => decodePage(damaged)).toThrow("a storage page is damaged");
      }
    }
    expect(refused).toBeGreaterThan(250);
  });

  it.each([
    ["nothing but a bitmap", [0, 1]],
    ["no slot", [0, 0, 5]],
    ["a value with a leading zero", [0, 1, 0, 5]],
    ["a value of 33 bytes", [0, 1, ...new Array(33).fill(5)]],
    ["a length beyond its end", [0, 3, 9, 5]],
    ["a length of nothing", [0, 3, 0, 5]],
    ["a slot without a value", [0, 3, 1, 5]],
  ])("refuses %s", (_, bytes) => {
    expect(isPage(Uint8Array.from(bytes))).toBe(false);
  });

  it("is named by its first slot", () => {
    const slot = new Uint8Array(33).fill(0xff);
    toPageName(slot, 1);
    expect([...slot]).toEqual([...new Array(32).fill(0xff), 0xf0]);
    expect(placeInPage(0x1234_567f)).toBe(15);
    const words = Uint32Array.of(0x10, 1, 0, 0, 0, 0, 0, 0, 0x1f, 1, 0, 0, 0, 0, 0, 0, 0x20, 1, 0, 0, 0, 0, 0, 0);
    expect([isSamePage(words, 0, words, 8), isSamePage(words, 8, words, 16)]).toEqual([true, false]);
    words[15] = 1;
    expect(isSamePage(words, 0, words, 8)).toBe(false);
  });
});
