import type { Address } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { SlotCache } from "../../src/world/slotCache.ts";

const ONE = `0x${"01".repeat(20)}` as Address;
const TWO = `0x${"02".repeat(20)}` as Address;
const SLOTS_MAX = 10;

function aCache() {
  const cache = new SlotCache(SLOTS_MAX, 7);
  const words = new Uint32Array(16);
  const keep = (address: Address, slot: number, value: number): void => {
    [words[0], words[8]] = [slot, value];
    cache.keep(address, words, 0, 8);
  };
  const read = (address: Address, slot: number): number | undefined => {
    words.fill(0);
    words[0] = slot;
    return cache.read(address, words, 0, 8) ? words[8] : undefined;
  };
  return { cache, keep, read };
}

describe("slots that are remembered", () => {
  it("are those of one account, with the last value", () => {
    const { keep, read } = aCache();
    keep(ONE, 1, 5);
    keep(ONE, 1, 6);
    expect([read(ONE, 1), read(ONE, 2), read(TWO, 1)]).toEqual([6, undefined, undefined]);
  });

  it("are forgotten when twice as many came after them, unless somebody asks", () => {
    const { keep, read } = aCache();
    keep(ONE, 1, 5);
    keep(ONE, 2, 6);
    for (let slot = 0; slot < 3 * SLOTS_MAX; slot++) {
      keep(TWO, slot, slot);
      if (slot % 5 === 0) expect(read(ONE, 1)).toBe(5);
    }
    expect([read(ONE, 1), read(ONE, 2), read(TWO, 3 * SLOTS_MAX - 1)]).toEqual([5, undefined, 3 * SLOTS_MAX - 1]);
  });

  it("are forgotten with their account, the older ones too", () => {
    const { cache, keep, read } = aCache();
    keep(ONE, 1, 5);
    keep(TWO, 1, 8);
    for (let slot = 2; slot < SLOTS_MAX + 3; slot++) keep(ONE, slot, 5);
    cache.forget(ONE);
    expect([read(ONE, 1), read(ONE, SLOTS_MAX + 2), read(TWO, 1)]).toEqual([undefined, undefined, 8]);
    keep(ONE, 1, 9);
    expect(read(ONE, 1)).toBe(9);
  });
});
