import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { WordTexts } from "../../src/interpreter/wordTexts.ts";

const WORDS = 5_000;

describe("WordTexts", () => {
  it("says of any word what it says, also where another one was or pushed it out", () => {
    const random = createPrng(5);
    const numbers = new Uint32Array(8 * WORDS);
    // Words that differ in one number each, from few values: many are the same, and many share a place.
    for (let word = 0; word < WORDS; word++) numbers[8 * word + random.below(8)] = random.below(700);
    const textAt = (at: number): string => numbers.subarray(at / 4, at / 4 + 8).join(" ");
    let made = 0;
    const texts = new WordTexts(
      () => ({ numbers }),
      (at) => {
        made += 1;
        return textAt(at);
      },
    );
    for (let round = 0; round < 2; round++)
      for (let word = 0; word < WORDS; word++) expect(texts.of(32 * word)).toBe(textAt(32 * word));
    expect(made).toBeLessThan(2 * WORDS);
    numbers.fill(9, 0, 8);
    expect(texts.of(0)).toBe("9 9 9 9 9 9 9 9");
    const before = made;
    expect([texts.of(0), made - before]).toEqual(["9 9 9 9 9 9 9 9", 0]);
  });
});
