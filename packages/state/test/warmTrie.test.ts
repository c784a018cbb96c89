import { createMPT } from "@ethereumjs/mpt";
import { keccak256 } from "@festina/crypto";
import { bytesToHex, createPrng } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { MerkleTrie } from "../src/index.ts";
import type { TrieNode } from "../src/trie/trieNode.ts";

const keyOf = (index: number): Uint8Array => keccak256(Uint8Array.of(index >> 8, index & 0xff));
const noStore = (): undefined => undefined;

describe("a trie used on after a commit", () => {
  it("notices removals that happen inside nodes it had hashed before", async () => {
    const trie = new MerkleTrie(EMPTY_ROOT, noStore, keccak256);
    const oracle = await createMPT({ useRootPersistence: false });
    for (let i = 0; i < 400; i++) {
      trie.put(keyOf(i), Uint8Array.of(1, i & 0xff));
      await oracle.put(keyOf(i), Uint8Array.of(1, i & 0xff));
    }
    trie.commit();
    // One change per commit: no other change dirties the nodes above it by chance.
    for (let i = 0; i < 400; i++) {
      trie.delete(keyOf(i));
      await oracle.del(keyOf(i));
      expect([i, trie.commit().root]).toEqual([i, bytesToHex(oracle.root())]);
    }
  });

  it("knows how many nodes it has", () => {
    const random = createPrng(8);
    const trie = new MerkleTrie(EMPTY_ROOT, noStore, keccak256);
    const count = (node: TrieNode | null): number => {
      if (node === null || node.kind === "hashed") return 0;
      if (node.kind === "leaf") return 1;
      if (node.kind === "extension") return 1 + count(node.child);
      return 1 + node.children.reduce((sum, child) => sum + count(child), 0);
    };
    let largest = 0;
    for (let step = 0; step < 3_000; step++) {
      // Few different bytes, so that paths have much in common and part late.
      const key = new Uint8Array(32).fill(7);
      for (let at = 0; at < 4; at++) key[random.below(32) >> 3] = random.below(4);
      if (random.below(2) === 0) trie.put(key, Uint8Array.of(1, step & 0xff));
      else trie.delete(key);
      if (step % 97 === 0) trie.commit();
      largest = Math.max(largest, trie.addedNodes);
      expect([step, trie.addedNodes]).toEqual([step, count(trie.rootNode)]);
    }
    expect(largest).toBeGreaterThan(20);
  });

  it("keeps its root when what is removed was never there", () => {
    const trie = new MerkleTrie(EMPTY_ROOT, noStore, keccak256);
    for (let i = 0; i < 100; i++) trie.put(keyOf(i), Uint8Array.of(1));
    const { root } = trie.commit();
    for (let i = 100; i < 200; i++) trie.delete(keyOf(i));
    const again = trie.commit();
    expect([again.root, again.nodes.size]).toEqual([root, 0]);
  });

  it("follows the oracle through single random changes", async () => {
    const random = createPrng(3);
    const trie = new MerkleTrie(EMPTY_ROOT, noStore, keccak256);
    const oracle = await createMPT({ useRootPersistence: false });
    for (let step = 0; step < 400; step++) {
      const key = keyOf(random.below(40));
      if (random.below(2) === 0) {
        trie.delete(key);
        await oracle.del(key);
      } else {
        const value = Uint8Array.of(1, ...random.bytes(random.below(40)));
        trie.put(key, value);
        await oracle.put(key, value);
      }
      expect([step, trie.commit().root]).toEqual([step, bytesToHex(oracle.root())]);
    }
  });
});
