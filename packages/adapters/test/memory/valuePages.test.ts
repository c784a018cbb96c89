import { describe, expect, it } from "@jest/globals";
import { ValuePages } from "../../src/memory/valuePages.ts";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

describe("ValuePages", () => {
  it("has each value at its place, over the borders of pages", () => {
    const pages = new ValuePages();
    const values = Array.from({ length: 2_000 }, (_, index) => filled((index * 37) % 300, index & 0xff));
    const places = values.map((value) => pages.add(value));
    expect(new Set(places).size).toBe(values.length);
    expect(places.map((place) => pages.read(place))).toEqual(values);
  });

  it("fills a page to its last byte, and begins another one for what is a byte longer", () => {
    // The first page has 1,024 bytes, of which each value needs four more than it has.
    for (const [length, isOnFirst] of [
      [0, true],
      [1, false],
    ] as const) {
      const pages = new ValuePages();
      const first = pages.add(filled(1_016, 1));
      const second = pages.add(filled(length, 2));
      expect(second === first + 1_020).toBe(isOnFirst);
      expect([pages.read(first), pages.read(second)]).toEqual([filled(1_016, 1), filled(length, 2)]);
    }
  });

  it("takes what is larger than a page, and goes on behind it", () => {
    const pages = new ValuePages();
    const values = [1, 65_532, 3, 1_000_000, 5, 65_536, 7].map((length) => filled(length, length & 0xff));
    const places = values.map((value) => pages.add(value));
    for (const [index, place] of places.entries())
      expect(Buffer.compare(pages.read(place), values[index] as Uint8Array)).toBe(0);
  });

  it("writes over a value that is as long, and hands out copies", () => {
    const pages = new ValuePages();
    const place = pages.add(filled(8, 1));
    pages.add(filled(8, 2));
    pages.read(place).fill(9);
    expect(pages.replace(place, filled(8, 3))).toBe(place);
    expect(pages.read(place)).toEqual(filled(8, 3));
    const moved = pages.replace(place, filled(9, 4));
    expect(moved).not.toBe(place);
    expect(pages.read(moved)).toEqual(filled(9, 4));
  });

  it("is wasteful once more is removed than left, and not for a little", () => {
    const pages = new ValuePages();
    const places = Array.from({ length: 1_000 }, () => pages.add(filled(1_020, 1)));
    for (const place of places.slice(0, 500)) pages.remove(place);
    expect(pages.isWasteful).toBe(false);
    pages.remove(places[500] as number);
    expect(pages.isWasteful).toBe(true);
    const small = new ValuePages();
    small.remove(small.add(filled(1_000, 1)));
    expect(small.isWasteful).toBe(false);
  });
});
