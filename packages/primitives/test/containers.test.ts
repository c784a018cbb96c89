import { describe, expect, it } from "@jest/globals";
import { BoundedQueue, createPrng, LruMap, RecentMap } from "../src/index.ts";

describe("BoundedQueue", () => {
  it("keeps order, refuses when full and takes again after a shift", () => {
    const queue = new BoundedQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    expect(queue.shift()).toBe(1);
    expect(queue.push(4)).toBe(true);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([2, 4, undefined]);
  });

  it("stays correct over many items", () => {
    const queue = new BoundedQueue<number>(4_000);
    let expected = 0;
    for (let i = 0; i < 20_000; i++) {
      queue.push(i);
      if (i % 3 > 0) expect(queue.shift()).toBe(expected++);
      if (queue.size === 4_000) while (queue.size > 0) expect(queue.shift()).toBe(expected++);
    }
  });
});

describe("LruMap", () => {
  it("drops what was not read for longest", () => {
    const map = new LruMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.get("a");
    map.set("c", 3);
    expect([map.has("a"), map.has("b"), map.has("c"), map.size]).toEqual([true, false, true, 2]);
  });
});

describe("LruMap of what has weight", () => {
  const weightOf = ({ weight }: { readonly weight: number }): number => weight;
  const has = (map: LruMap<string, { readonly weight: number }>): string =>
    ["a", "b", "c", "d"].filter((key) => map.has(key)).join("");

  it("drops as many as the newest needs room for", () => {
    const map = new LruMap<string, { readonly weight: number }>(10, weightOf);
    map.set("a", { weight: 4 });
    map.set("b", { weight: 4 });
    map.set("c", { weight: 2 });
    expect(has(map)).toBe("abc");
    map.get("a");
    map.set("d", { weight: 5 });
    expect(has(map)).toBe("ad");
  });

  it("has the newest alone where that is heavier than all may be", () => {
    const map = new LruMap<string, { readonly weight: number }>(10, weightOf);
    map.set("a", { weight: 1 });
    map.set("b", { weight: 50 });
    expect(has(map)).toBe("b");
    map.set("c", { weight: 1 });
    expect(has(map)).toBe("c");
  });

  it("forgets the weight of what was replaced, deleted and cleared", () => {
    const map = new LruMap<string, { readonly weight: number }>(10, weightOf);
    for (let i = 0; i < 9; i++) map.set("a", { weight: 6 });
    map.set("b", { weight: 4 });
    expect(has(map)).toBe("ab");
    map.delete("a");
    map.delete("a");
    map.set("c", { weight: 6 });
    expect(has(map)).toBe("bc");
    map.clear();
    map.set("a", { weight: 4 });
    map.set("b", { weight: 6 });
    expect(has(map)).toBe("ab");
  });
});

describe("RecentMap", () => {
  it("keeps what was read or set among the last, and drops the rest", () => {
    const map = new RecentMap<string, number>(2);
    for (const [index, key] of ["a", "b", "c", "d"].entries()) map.set(key, index);
    // The first two are the older half; reading one keeps it.
    expect(map.get("a")).toBe(0);
    map.set("e", 4);
    expect(["b", "a", "e", "d"].map((key) => map.get(key))).toEqual([undefined, 0, 4, 3]);
  });

  it("answers the newest value of a key, on whichever side the one before it is", () => {
    const map = new RecentMap<string, number | null>(1);
    map.set("a", 1);
    map.set("b", null);
    map.set("a", 2);
    expect([map.get("a"), map.get("b")]).toEqual([2, null]);
    expect(map.get("a")).toBe(2);
  });

  it("takes a positive capacity only", () => {
    expect(() => new RecentMap(0)).toThrow(RangeError);
  });
});

describe("createPrng", () => {
  it("repeats with the seed, differs between seeds and fills its range", () => {
    const take = (seed: number) => {
      const random = createPrng(seed);
      return Array.from({ length: 8 }, () => random.next());
    };
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    const random = createPrng(3);
    const seen = new Set(Array.from({ length: 400 }, () => random.below(10)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
