import type { HashFunction } from "@festina/crypto";
import { type Hash32, LruMap } from "@festina/primitives";
import { MerkleTrie, type NodeReader } from "./merkleTrie.ts";
import type { NewNodes } from "./newNodes.ts";
import type { TrieNode } from "./trieNode.ts";

/** Roots remembered: the newest state tries and the storage tries of the contracts in use. */
const ROOTS_MAX = 4096;
/** Nodes held by all remembered trees together, some 600 bytes each. */
const NODES_MAX = 200_000;

/**
 * Trees of sealed states that stay in memory, so that the next block changes them where they stand instead of reading
 * and decoding every path again. Trees share what they have in common, so a tree whose successor is kept holds no more
 * than what that one has replaced: whoever will not build on it any more forgets it. When the others have grown to
 * `NODES_MAX` all are forgotten at once, and what is in use is read again: simpler than following which tree still
 * needs which node.
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
    const known = this.#roots.get(root);
    const trie = new MerkleTrie(root, this.#readNode, this.#hash, known);
    if (known !== undefined) return trie;
    // What is read on the way of changes stays in this tree, too: a block may be executed twice on one parent.
    const rootNode = trie.loadRoot();
    if (rootNode !== null) this.#roots.set(root, rootNode);
    return trie;
  }

  /** Hashes what changed in a trie that was opened here, and remembers what it has become. New nodes go into `nodes`. */
  commit(trie: MerkleTrie, nodes: NewNodes): Hash32 {
    const { root, rootNode } = trie.commit(nodes);
    this.#nodes = Math.max(0, this.#nodes + trie.loadedNodes + trie.addedNodes);
    if (this.#nodes > this.#nodesMax) {
      this.#roots.clear();
      this.#nodes = 0;
    } else if (rootNode !== null) {
      this.#roots.set(root, rootNode);
    }
    return root;
  }

  /** The tree that it became, or what it came from, stays. */
  forget(root: Hash32): void {
    this.#roots.delete(root);
  }
}
