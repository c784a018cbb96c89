import { keccak256 } from "@festina/crypto";
import { createPrng, type Hash32, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { MerkleTrie } from "../src/index.ts";
import { NewNodes } from "../src/trie/newNodes.ts";
import { TrieCache } from "../src/trie/trieCache.ts";

const keyOf = (index: number): Uint8Array => keccak256(Uint8Array.of(index >> 8, index & 0xff));

function aCache(nodesMax?: number, nodes = new Map<Hash32, Uint8Array>()) {
  let reads = 0;
  const read = (hash: Hash32) => {
    reads += 1;
    return nodes.get(hash);
  };
  const cache = new TrieCache(read, keccak256, nodesMax);
  const change = (root: Hash32, apply: (trie: MerkleTrie) => void): Hash32 => {
    const trie = cache.open(root);
    apply(trie);
    const made = new NewNodes();
    const changed = cache.commit(trie, made);
    for (const [hash, encoded] of made) nodes.set(toHash32(hash), encoded);
    return changed;
  };
  /** The same trie, read from the store alone. */
  const cold = (root: Hash32) => new MerkleTrie(root, (hash) => nodes.get(hash), keccak256);
  /** Over the same store, with nothing in memory. */
  const restart = () => aCacheOn(nodes);
  const forget = (root: Hash32) => cache.forget(root);
  return { change, cold, forget, restart, reads: () => reads };
}

const aCacheOn = (nodes: Map<Hash32, Uint8Array>) => aCache(undefined, nodes);

const fill = (count: number, mark: number) => (trie: MerkleTrie) => {
  for (let i = 0; i < count; i++) trie.put(keyOf(i), Uint8Array.of(mark, i & 0xff));
};

describe("TrieCache", () => {
  it("changes kept trees without reading the store", () => {
    const { change, cold, reads } = aCache();
    const root = change(EMPTY_ROOT, fill(500, 1));
    const next = change(root, (trie) => trie.put(keyOf(7), Uint8Array.of(9)));
    expect([reads(), cold(next).get(keyOf(7))?.[0], cold(root).get(keyOf(7))?.[0]]).toEqual([0, 9, 1]);
  });

  it("reads each node once, however often a tree is changed that was not kept", () => {
    const { change, restart } = aCache();
    const root = change(EMPTY_ROOT, fill(500, 1));
    const { change: changeAgain, reads } = restart();
    const next = changeAgain(root, fill(50, 2));
    const before = reads();
    expect(before).toBeGreaterThan(50);
    expect([changeAgain(root, fill(50, 2)), reads()]).toEqual([next, before]);
    expect(changeAgain(root, (trie) => trie.delete(keyOf(3)))).not.toBe(root);
    expect(reads()).toBe(before);
  });

  it("keeps what a tree has become when it is forgotten itself", () => {
    const { change, forget, reads } = aCache();
    const root = change(EMPTY_ROOT, fill(500, 1));
    const next = change(root, fill(20, 2));
    forget(root);
    change(next, fill(500, 3));
    expect(reads()).toBe(0);
    change(root, fill(500, 3));
    expect(reads()).toBeGreaterThan(500);
  });

  it("has room for all changes of a tree that stays as large as it is", () => {
    const { change, forget, reads } = aCache(1_500);
    let root = change(EMPTY_ROOT, fill(500, 1));
    for (let block = 0; block < 100; block++) {
      const parent = root;
      root = change(parent, fill(100, block & 0xff));
      forget(parent);
    }
    expect(reads()).toBe(0);
  });

  it("gives the same roots whether trees are kept, forgotten all the time, or never kept", () => {
    const run = (nodesMax: number | undefined, isCold: boolean): Hash32[] => {
      const { change, cold } = aCache(nodesMax);
      const random = createPrng(21);
      const roots: Hash32[] = [EMPTY_ROOT];
      for (let block = 0; block < 80; block++) {
        // Now and then a sibling: a block on an older root.
        const parent = roots[roots.length - 1 - (block % 4 === 3 ? random.below(Math.min(5, roots.length)) : 0)]!;
        const apply = (trie: MerkleTrie): void => {
          for (let step = 0; step < 8; step++) {
            const key = keyOf(random.below(90));
            if (random.below(3) === 0) trie.delete(key);
            else trie.put(key, Uint8Array.of(1, ...random.bytes(random.below(50))));
          }
        };
        const root = change(parent, (trie) => {
          if (isCold) expect(trie.get(keyOf(1))).toEqual(cold(parent).get(keyOf(1)));
          apply(trie);
        });
        roots.push(root);
      }
      for (const root of roots) for (let i = 0; i < 90; i += 9) cold(root).get(keyOf(i));
      return roots;
    };
    const kept = run(undefined, true);
    expect(new Set(kept).size).toBeGreaterThan(60);
    expect(run(100, false)).toEqual(kept);
    expect(run(0, false)).toEqual(kept);
  });

  it("keeps siblings over one kept parent apart", () => {
    const { change, cold } = aCache();
    const parent = change(EMPTY_ROOT, fill(200, 1));
    const left = change(parent, fill(50, 2));
    const right = change(parent, (trie) => {
      for (let i = 0; i < 200; i += 2) trie.delete(keyOf(i));
    });
    for (let i = 0; i < 200; i++) {
      const seen = [parent, left, right].map((root) => cold(root).get(keyOf(i))?.[0]);
      expect(seen).toEqual([1, i < 50 ? 2 : 1, i % 2 === 0 ? undefined : 1]);
    }
    // The parent's tree in memory is as it was, too.
    expect(change(parent, fill(50, 2))).toBe(left);
  });

  it("is not changed by a trie that is used on after its commit", () => {
    const trie = new MerkleTrie(EMPTY_ROOT, () => undefined, keccak256);
    fill(100, 1)(trie);
    const { root, rootNode } = trie.commit();
    fill(100, 2)(trie);
    trie.delete(keyOf(3));
    trie.commit();
    const before = new MerkleTrie(root, () => undefined, keccak256, rootNode ?? undefined);
    for (let i = 0; i < 100; i++) expect(before.get(keyOf(i))?.[0]).toBe(1);
  });
});
