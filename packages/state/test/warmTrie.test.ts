import { createMPT } from "@ethereumjs/mpt";
import { keccak256 } from "@festina/crypto";
import { bytesToHex, createPrng } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { MerkleTrie } from "../src/index.ts";

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
