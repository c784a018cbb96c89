import { compareBytes, concatBytes } from "@festina/primitives";
import type { MerkleTrie } from "./merkleTrie.ts";
import { bytesToNibbles, nibblesToBytes } from "./nibbles.ts";
import type { TrieNode } from "./trieNode.ts";

export interface TrieEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Up to `max` entries with keys from `start` on, in key order; `next` is the first key left out. */
export function readTrieRange(
  trie: MerkleTrie,
  start: Uint8Array,
  max: number,
): { readonly entries: readonly TrieEntry[]; readonly next: Uint8Array | null } {
  const from = bytesToNibbles(start);
  const entries: TrieEntry[] = [];
  let next: Uint8Array | null = null;

  /** Whether all keys below `prefix` come before `start`. */
  const isBefore = (prefix: Uint8Array): boolean => compareBytes(prefix, from.subarray(0, prefix.length)) < 0;

  function visit(node: TrieNode, prefix: Uint8Array): void {
    if (next !== null || isBefore(prefix)) return;
    const loaded = trie.load(node);
    if (loaded.kind === "branch") {
      loaded.children.forEach((child, nibble) => {
        if (child !== null) visit(child, concatBytes(prefix, Uint8Array.of(nibble)));
      });
      return;
    }
    const path = concatBytes(prefix, loaded.path);
    if (loaded.kind === "extension") {
      visit(loaded.child, path);
    } else if (!isBefore(path)) {
      const key = nibblesToBytes(path);
      if (entries.length < max) entries.push({ key, value: loaded.value });
      else next = key;
    }
  }

  if (trie.rootNode !== null) visit(trie.rootNode, new Uint8Array(0));
  return { entries, next };
}
