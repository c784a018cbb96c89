import type { HashFunction } from "@festina/crypto";
import { type Hash32, LruMap } from "@festina/primitives";
import { type CommittedTrie, MerkleTrie, type NodeReader } from "./merkleTrie.ts";
import type { TrieNode } from "./trieNode.ts";

/** Roots remembered: the newest state tries and the storage tries of the contracts in use. */
const ROOTS_MAX = 4096;
/** Nodes held by all remembered trees together, some 600 bytes each. */
const NODES_MAX = 200_000;

/**
 * Trees of sealed states that stay in memory, so that the next block changes them where they stand instead of reading
 * and decoding every path again. Trees share what they have in common. When they have grown to `NODES_MAX` all are
 * forgotten at once, and what is in use is read again: simpler than following which tree still needs which node.
 */
export class TrieCache {
  readonly #readNode: NodeReader;
  readonly #hash: HashFunction;
  readonly #nodesMax: number;
  readonly #roots = new LruMap<Hash32, TrieNode>(ROOTS_MAX);
  #nodes = 0;

  constructor(readNode: NodeReader, hash: HashFunction, nodesMax: number = NODES_MAX) {
    this.#readNode = readNode;
    this.#hash = hash;
    this.#nodesMax = nodesMax;
  }

  open(root: Hash32): MerkleTrie {
    return new MerkleTrie(root, this.#readNode, this.#hash, this.#roots.get(root));
  }

  /** Remembers what `trie`, opened here, became by its commit. */
  keep(trie: MerkleTrie, committed: CommittedTrie): void {
    this.#nodes += trie.loadedNodes + committed.nodes.size;
    if (this.#nodes > this.#nodesMax) {
      this.#roots.clear();
      this.#nodes = 0;
    } else if (committed.rootNode !== null) {
      this.#roots.set(committed.root, committed.rootNode);
    }
  }
}
