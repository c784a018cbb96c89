import { createMPT } from "@ethereumjs/mpt";
import { keccak256 } from "@festina/crypto";
import { bytesToHex, createPrng, type Hash32, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { MerkleTrie, proveKey, readTrieRange, verifyProof } from "../src/index.ts";

const keyOf = (index: number): Uint8Array => keccak256(Uint8Array.of(index >> 8, index & 0xff));

/** A trie with its store, so that commits can be read back. */
function aStore() {
  const nodes = new Map<Hash32, Uint8Array>();
  const open = (root: Hash32) => new MerkleTrie(root, (hash) => nodes.get(hash), keccak256);
  const commit = (trie: MerkleTrie): Hash32 => {
    const committed = trie.commit();
    for (const [hash, encoded] of committed.nodes) nodes.set(toHash32(hash), encoded);
    return committed.root;
  };
  return { nodes, open, commit };
}

describe("MerkleTrie", () => {
  it("has the root of @ethereumjs/mpt after any sequence of puts and deletes", async () => {
    const random = createPrng(11);
    const { open, commit } = aStore();
    const oracle = await createMPT({ useRootPersistence: false });
    const model = new Map<number, Uint8Array>();
    let trie = open(EMPTY_ROOT);
    for (let round = 0; round < 60; round++) {
      for (let step = 0; step < 12; step++) {
        const index = random.below(120);
        if (random.below(5) < 2) {
          trie.delete(keyOf(index));
          await oracle.del(keyOf(index));
          model.delete(index);
        } else {
          const value = random.bytes(1 + random.below(60));
          value[0] = 1;
          trie.put(keyOf(index), value);
          await oracle.put(keyOf(index), value);
          model.set(index, value);
        }
      }
      const root = commit(trie);
      expect(root).toBe(bytesToHex(oracle.root()));
      // Half of the rounds go on with the warm trie, half with one that knows only the root.
      if (round % 2 === 0) trie = open(root);
      for (let index = 0; index < 120; index += 7) expect(trie.get(keyOf(index))).toEqual(model.get(index));
    }
    for (let index = 0; index < 120; index++) trie.delete(keyOf(index));
    expect(commit(trie)).toBe(EMPTY_ROOT);
  });

  it("hashes each changed node once per commit and shares the rest", () => {
    const { nodes, open, commit } = aStore();
    let hashes = 0;
    const counting = new MerkleTrie(
      EMPTY_ROOT,
      (hash) => nodes.get(hash),
      (bytes) => {
        hashes++;
        return keccak256(bytes);
      },
    );
    for (let i = 0; i < 500; i++) counting.put(keyOf(i), Uint8Array.of(1, 2, 3, ...keyOf(i)));
    for (let i = 0; i < 500; i++) counting.put(keyOf(i), Uint8Array.of(4, 5, 6, ...keyOf(i)));
    const root = commit(counting);
    expect(hashes).toBe(nodes.size);
    const before = nodes.size;
    const next = open(root);
    next.put(keyOf(7), Uint8Array.of(9));
    commit(next);
    expect(nodes.size - before).toBeLessThan(6);
    expect(open(root).get(keyOf(7))?.[0]).toBe(4);
  });

  it("keeps branches of several children over one parent apart", () => {
    const { open, commit } = aStore();
    const base = open(EMPTY_ROOT);
    for (let i = 0; i < 40; i++) base.put(keyOf(i), Uint8Array.of(i + 1));
    const root = commit(base);
    const left = open(root);
    const right = open(root);
    left.put(keyOf(1), Uint8Array.of(201));
    right.delete(keyOf(1));
    commit(left);
    commit(right);
    expect([left.get(keyOf(1))?.[0], right.get(keyOf(1)), open(root).get(keyOf(1))?.[0]]).toEqual([201, undefined, 2]);
  });

  it("proves presence and absence, and a damaged proof proves nothing", () => {
    const { open, commit } = aStore();
    const trie = open(EMPTY_ROOT);
    for (let i = 0; i < 200; i++) trie.put(keyOf(i), Uint8Array.of(1, i));
    const root = commit(trie);
    for (let i = 0; i < 210; i++) {
      const proof = proveKey(open(root), keyOf(i));
      const expected = i < 200 ? Uint8Array.of(1, i) : null;
      expect(verifyProof(root, keyOf(i), proof, keccak256)).toEqual({ ok: true, value: expected });
      expect(verifyProof(root, keyOf(i), proof.slice(1), keccak256).ok).toBe(false);
      const bent = proof.map((node) => node.slice());
      (bent.at(-1) as Uint8Array)[5] = ((bent.at(-1) as Uint8Array)[5] as number) ^ 1;
      expect(verifyProof(root, keyOf(i), bent, keccak256).ok).toBe(false);
    }
  });

  it("lists any range in key order, page by page", () => {
    const { open, commit } = aStore();
    const trie = open(EMPTY_ROOT);
    const keys = Array.from({ length: 150 }, (_, i) => bytesToHex(keyOf(i))).sort();
    for (let i = 0; i < 150; i++) trie.put(keyOf(i), Uint8Array.of(1));
    const root = commit(trie);
    const seen: string[] = [];
    let start: Uint8Array | null = new Uint8Array(32);
    while (start !== null) {
      const page: ReturnType<typeof readTrieRange> = readTrieRange(open(root), start, 37);
      seen.push(...page.entries.map(({ key }) => bytesToHex(key)));
      start = page.next;
    }
    expect(seen).toEqual(keys);
  });
});
