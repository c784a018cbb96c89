import { keccak256 } from "@festina/crypto";
import { bigintToBytes, bytesToBigint, createPrng, type Hash32, type Prng, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { type KeySpan, MerkleTrie, proveSpan, readTrieRange, type TrieEntry, verifySpan } from "../../src/index.ts";

const LAST = new Uint8Array(32).fill(0xff);

function aTrie(random: Prng, size: number, valueBytes: number) {
  const nodes = new Map<Hash32, Uint8Array>();
  const trie = new MerkleTrie(EMPTY_ROOT, (hash) => nodes.get(hash), keccak256);
  for (let index = 0; index < size; index++) {
    const key = keccak256(bigintToBytes(BigInt(random.below(2 ** 30)), 8));
    // Some keys share long beginnings, so that there are extensions.
    if (random.below(3) === 0) key.fill(7, 0, 20);
    trie.put(key, new Uint8Array(1 + random.below(valueBytes)).fill(1 + random.below(255)));
  }
  const committed = trie.commit();
  for (const [hash, node] of committed.nodes) nodes.set(toHash32(hash), node);
  const stored = new MerkleTrie(committed.root, (hash) => nodes.get(hash), keccak256);
  return {
    root: committed.root,
    nodes,
    trie: stored,
    all: readTrieRange(stored, new Uint8Array(32), size + 1).entries,
  };
}

function within(entries: readonly TrieEntry[], { from, to }: KeySpan): TrieEntry[] {
  return entries.filter(
    ({ key }) => bytesToBigint(key) >= bytesToBigint(from) && bytesToBigint(key) <= bytesToBigint(to),
  );
}

function aSpan(random: Prng, all: readonly TrieEntry[]): KeySpan {
  const pick = (): Uint8Array =>
    random.below(2) === 0
      ? (all[random.below(all.length)]?.key ?? LAST)
      : keccak256(bigintToBytes(BigInt(random.below(2 ** 30)), 8));
  const [a, b] = [pick(), pick()];
  return bytesToBigint(a) <= bytesToBigint(b) ? { from: a, to: b } : { from: b, to: a };
}

describe("verifySpan", () => {
  it("accepts what a trie holds in any span, small values or large", () => {
    const random = createPrng(11);
    for (const [size, valueBytes] of [
      [1, 40],
      [2, 3],
      [60, 3],
      [200, 90],
    ] as const) {
      const { root, trie, all, nodes } = aTrie(random, size, valueBytes);
      for (let round = 0; round < 40; round++) {
        const span = aSpan(random, all);
        const verified = verifySpan(root, span, within(all, span), proveSpan(trie, span), keccak256);
        expect(verified.ok).toBe(true);
        if (!verified.ok) continue;
        for (const [hash, node] of verified.value) expect(nodes.get(hash)).toEqual(node);
      }
    }
  });

  it("brings every node of the trie when spans cover all keys", () => {
    const { root, trie, all, nodes } = aTrie(createPrng(3), 300, 50);
    const brought = new Set<Hash32>();
    for (let first = 0; first < 256; first += 16) {
      const from = new Uint8Array(32);
      from[0] = first;
      const to = LAST.slice();
      to[0] = first + 15;
      const verified = verifySpan(
        root,
        { from, to },
        within(all, { from, to }),
        proveSpan(trie, { from, to }),
        keccak256,
      );
      if (verified.ok) for (const hash of verified.value.keys()) brought.add(hash);
    }
    expect([...brought].sort()).toEqual([...nodes.keys()].sort());
    const whole = verifySpan(root, { from: new Uint8Array(32), to: LAST }, all, [], keccak256);
    expect(whole.ok && [...whole.value.keys()].sort()).toEqual([...nodes.keys()].sort());
  });

  it("refuses an entry left out, added, changed, out of order or out of the span, and a proof cut short", () => {
    const random = createPrng(5);
    const { root, trie, all } = aTrie(random, 120, 40);
    let tried = 0;
    for (let round = 0; round < 60; round++) {
      const span = aSpan(random, all);
      const entries = within(all, span);
      if (entries.length < 3) continue;
      tried += 1;
      const proof = proveSpan(trie, span);
      const at = random.below(entries.length);
      const chosen = entries[at] as TrieEntry;
      const check = (changed: readonly TrieEntry[], nodes = proof, of: KeySpan = span) =>
        verifySpan(root, of, changed, nodes, keccak256).ok;
      expect(check(entries.filter((_, index) => index !== at))).toBe(false);
      const between = bigintToBytes(bytesToBigint(chosen.key) + (at === entries.length - 1 ? -1n : 1n), 32);
      const added = [...entries, { key: between, value: Uint8Array.of(1) }];
      expect(check(added.sort((a, b) => (bytesToBigint(a.key) < bytesToBigint(b.key) ? -1 : 1)))).toBe(false);
      const other = Uint8Array.of(...chosen.value.slice(0, -1), (chosen.value.at(-1) as number) ^ 1);
      expect(check(entries.map((entry) => (entry === chosen ? { ...entry, value: other } : entry)))).toBe(false);
      expect(check([...entries].reverse())).toBe(false);
      expect(check(entries, proof, { from: span.from, to: (entries[1] as TrieEntry).key })).toBe(false);
      expect(check(entries, proof.slice(1))).toBe(false);
      expect(check([])).toBe(false);
    }
    expect(tried).toBeGreaterThan(20);
  });

  it("refuses garbage without throwing", () => {
    const random = createPrng(9);
    const { root, trie, all } = aTrie(random, 80, 40);
    for (let round = 0; round < 300; round++) {
      const span = aSpan(random, all);
      const proof = proveSpan(trie, span).map((node) => node.slice());
      const node = proof[random.below(Math.max(1, proof.length))];
      if (node !== undefined) node[random.below(node.length)] = random.below(256);
      const verified = verifySpan(root, span, within(all, span), proof, keccak256);
      expect(typeof verified.ok).toBe("boolean");
    }
    const huge = Array.from({ length: 200 }, () => new Uint8Array(40));
    expect(verifySpan(root, { from: new Uint8Array(32), to: LAST }, all, huge, keccak256).ok).toBe(false);
    expect(verifySpan(EMPTY_ROOT, { from: new Uint8Array(32), to: LAST }, [], [], keccak256).ok).toBe(true);
    expect(verifySpan(EMPTY_ROOT, { from: new Uint8Array(32), to: LAST }, all.slice(0, 1), [], keccak256).ok).toBe(
      false,
    );
  });
});
