import { describe, expect, it } from "@jest/globals";
import { SeenCache } from "../src/seenCache.ts";
import { hashOf } from "./samples.ts";

describe("SeenCache", () => {
  it("says once that a hash is new", () => {
    const seen = new SeenCache(4);
    expect([seen.add(hashOf(1)), seen.add(hashOf(1)), seen.has(hashOf(1)), seen.has(hashOf(2))]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    seen.forget(hashOf(1));
    expect(seen.add(hashOf(1))).toBe(true);
  });

  it("forgets the least recently met when it is full", () => {
    const seen = new SeenCache(2);
    seen.add(hashOf(1));
    seen.add(hashOf(2));
    seen.add(hashOf(1));
    seen.add(hashOf(3));
    expect([hashOf(1), hashOf(2), hashOf(3)].map((hash) => seen.has(hash))).toEqual([true, false, true]);
  });
});
