import type { HashFunction } from "@festina/crypto";
import { assert, concatBytes, type Hash32, hexToBytes, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { NewNodes } from "./newNodes.ts";
import { sharedPrefix, writeNibbles } from "./nibbles.ts";
import {
  type BranchNode,
  decodeTrieNode,
  type ExtensionNode,
  encodeTrieNode,
  HASH_BYTES,
  type LeafNode,
  type TrieNode,
} from "./trieNode.ts";

/** Finds an encoded node by its hash. */
export type NodeReader = (hash: Hash32) => Uint8Array | undefined;

export interface CommittedTrie {
  readonly root: Hash32;
  /** Those that were not there before, after whatever the set held. */
  readonly nodes: NewNodes;
  /** The tree as it stands in memory, never changed again; a trie opened on it need not read it from the store. */
  readonly rootNode: TrieNode | null;
}

/**
 * A Merkle-Patricia trie over keys of one length (hashed keys, 32 bytes). Changes only touch nodes in memory; all
 * hashing happens in `commit`, once per changed node however often it changed (yellow paper, appendix D).
 */
export class MerkleTrie {
  readonly #readNode: NodeReader;
  readonly #hash: HashFunction;
  #root: TrieNode | null;
  /** Marks the branches that may change in place: those made since the last commit. */
  #owner: object = {};
  #loadedNodes = 0;
  #addedNodes = 0;
  #isNewKey = false;
  /** Of the key that is asked for: paths are copied out of it. */
  #nibbles = new Uint8Array(2 * HASH_BYTES);

  /** `rootNode` is the committed tree with this root, where it is still in memory. */
  constructor(root: Hash32, readNode: NodeReader, hash: HashFunction, rootNode?: TrieNode) {
    this.#readNode = readNode;
    this.#hash = hash;
    this.#root =
      root === EMPTY_ROOT ? null : (rootNode ?? { kind: "hashed", reference: hexToBytes(root), loaded: null });
  }

  /** How many nodes were read from the store so far: what the tree has grown by in memory, besides new nodes. */
  get loadedNodes(): number {
    return this.#loadedNodes;
  }

  /** How many more nodes its changes have made than they have replaced or removed; may be below 0. */
  get addedNodes(): number {
    return this.#addedNodes;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const nibbles = this.#nibblesOf(key);
    let node = this.#root;
    let depth = 0;
    while (node !== null) {
      const loaded = this.load(node);
      if (loaded.kind === "branch") {
        node = loaded.children[nibbles[depth] as number] ?? null;
        depth += 1;
        continue;
      }
      if (sharedPrefix(loaded.path, nibbles, depth) < loaded.path.length) return undefined;
      if (loaded.kind === "leaf") return loaded.value;
      node = loaded.child;
      depth += loaded.path.length;
    }
    return undefined;
  }

  /** Whether the key was not there before. `value` must not be empty: removing is `delete`. */
  put(key: Uint8Array, value: Uint8Array): boolean {
    assert(value.length > 0, "a trie value is not empty");
    this.#isNewKey = true;
    this.#root = this.#insert(this.#root, this.#nibblesOf(key), 0, value);
    return this.#isNewKey;
  }

  /** Good until the next key. */
  #nibblesOf(key: Uint8Array): Uint8Array {
    if (this.#nibbles.length !== 2 * key.length) this.#nibbles = new Uint8Array(2 * key.length);
    writeNibbles(key, this.#nibbles);
    return this.#nibbles;
  }

  delete(key: Uint8Array): void {
    this.#root = this.#remove(this.#root, this.#nibblesOf(key), 0);
  }

  /** Hashes what changed; new nodes go into `nodes`. The trie can be used on. */
  commit(nodes: NewNodes = new NewNodes()): CommittedTrie {
    if (this.#root === null) return { root: EMPTY_ROOT, nodes, rootNode: null };
    this.#settle(this.#root, nodes);
    this.#owner = {};
    const rootNode = this.#root;
    const reference = rootNode.reference as Uint8Array;
    if (reference.length === HASH_BYTES) return { root: toHash32(reference), nodes, rootNode };
    // Shorter than a hash; a root is named by its hash all the same.
    const encoded = encodeTrieNode(this.load(this.#root));
    const hash = this.#hash(encoded);
    nodes.add(hash, encoded);
    return { root: toHash32(hash), nodes, rootNode };
  }

  /** The node itself, read from the store when only its hash is known. @throws InvariantError when the store lacks it */
  load(node: TrieNode): LeafNode | ExtensionNode | BranchNode {
    if (node.kind !== "hashed") return node;
    const hash = toHash32(node.reference);
    const encoded = this.#readNode(hash);
    assert(encoded !== undefined, `trie node ${hash} is missing`);
    const decoded = decodeTrieNode(encoded, node.reference);
    assert(decoded !== null && decoded.kind !== "hashed", `trie node ${hash} is damaged`);
    this.#loadedNodes += 1;
    return decoded;
  }

  get rootNode(): TrieNode | null {
    return this.#root;
  }

  /** The root, read from the store where only its hash was known: others may then open the trie on it. */
  loadRoot(): TrieNode | null {
    if (this.#root !== null) this.#root = this.load(this.#root);
    return this.#root;
  }

  /** On the way of changes: whoever shares the node above need not read it again. */
  #loadKept(node: TrieNode): LeafNode | ExtensionNode | BranchNode {
    if (node.kind !== "hashed") return node;
    node.loaded ??= this.load(node);
    return node.loaded;
  }

  #settle(node: TrieNode, nodes: NewNodes): void {
    if (node.kind === "hashed" || node.reference !== null) return;
    if (node.kind === "branch") {
      for (let i = 0; i < node.children.length; i++) {
        const child = node.children[i] as TrieNode | null;
        if (child !== null && child.reference === null) this.#settle(child, nodes);
      }
    } else if (node.kind === "extension") this.#settle(node.child, nodes);
    const encoded = encodeTrieNode(node);
    if (encoded.length < HASH_BYTES) {
      node.reference = encoded;
      return;
    }
    node.reference = this.#hash(encoded);
    nodes.add(node.reference, encoded);
  }

  /** A branch that this trie may change. */
  #own(branch: BranchNode): BranchNode {
    if (branch.owner === this.#owner) {
      branch.reference = null;
      return branch;
    }
    return { kind: "branch", children: branch.children.slice(), reference: null, owner: this.#owner };
  }

  #insert(node: TrieNode | null, key: Uint8Array, depth: number, value: Uint8Array): TrieNode {
    if (node === null) {
      this.#addedNodes += 1;
      return { kind: "leaf", path: key.slice(depth), value, reference: null };
    }
    const loaded = this.#loadKept(node);
    if (loaded.kind === "branch") {
      const nibble = key[depth] as number;
      const branch = this.#own(loaded);
      branch.children[nibble] = this.#insert(branch.children[nibble] ?? null, key, depth + 1, value);
      return branch;
    }
    const shared = sharedPrefix(loaded.path, key, depth);
    if (shared === loaded.path.length) {
      if (loaded.kind === "leaf") {
        this.#isNewKey = false;
        return { kind: "leaf", path: loaded.path, value, reference: null };
      }
      const child = this.#insert(loaded.child, key, depth + shared, value);
      return { kind: "extension", path: loaded.path, child, reference: null };
    }
    return this.#split(loaded, shared, key, depth, value);
  }

  /** Where old path and new key part, a branch takes both. */
  #split(old: LeafNode | ExtensionNode, shared: number, key: Uint8Array, depth: number, value: Uint8Array): TrieNode {
    const children: (TrieNode | null)[] = new Array<TrieNode | null>(16).fill(null);
    const rest = old.path.slice(shared + 1);
    // A branch and a leaf come to what parts; what it has in common gets a node of its own, and may be all that it was.
    this.#addedNodes += 2 + (shared > 0 ? 1 : 0) - (old.kind === "extension" && rest.length === 0 ? 1 : 0);
    if (old.kind === "leaf") {
      children[old.path[shared] as number] = { kind: "leaf", path: rest, value: old.value, reference: null };
    } else {
      children[old.path[shared] as number] =
        rest.length === 0 ? old.child : { kind: "extension", path: rest, child: old.child, reference: null };
    }
    children[key[depth + shared] as number] = {
      kind: "leaf",
      path: key.slice(depth + shared + 1),
      value,
      reference: null,
    };
    const branch: BranchNode = { kind: "branch", children, reference: null, owner: this.#owner };
    if (shared === 0) return branch;
    return { kind: "extension", path: old.path.slice(0, shared), child: branch, reference: null };
  }

  #remove(node: TrieNode | null, key: Uint8Array, depth: number): TrieNode | null {
    if (node === null) return null;
    const loaded = this.#loadKept(node);
    if (loaded.kind === "branch") return this.#removeFromBranch(loaded, key, depth);
    if (sharedPrefix(loaded.path, key, depth) < loaded.path.length) return node;
    if (loaded.kind === "leaf") {
      this.#addedNodes -= 1;
      return null;
    }
    const child = this.#remove(loaded.child, key, depth + loaded.path.length);
    if (child === loaded.child && isSettled(child)) return node;
    this.#addedNodes -= 1;
    return child === null ? null : this.#prepend(loaded.path, child);
  }

  #removeFromBranch(branch: BranchNode, key: Uint8Array, depth: number): TrieNode | null {
    const nibble = key[depth] as number;
    const before = branch.children[nibble] ?? null;
    const after = this.#remove(before, key, depth + 1);
    if (after === before && isSettled(after)) return branch;
    const owned = this.#own(branch);
    owned.children[nibble] = after;
    if (after !== null) return owned;
    const left = owned.children.flatMap((child, index) => (child === null ? [] : [index]));
    if (left.length > 1) return owned;
    const only = left[0];
    assert(only !== undefined, "a branch has at least two children");
    this.#addedNodes -= 1;
    return this.#prepend(Uint8Array.of(only), owned.children[only] as TrieNode);
  }

  /** `path` in front of a node: paths join, so that no extension ever leads to an extension or leaf. */
  #prepend(path: Uint8Array, node: TrieNode): TrieNode {
    const loaded = this.#loadKept(node);
    if (loaded.kind === "branch") {
      this.#addedNodes += 1;
      return { kind: "extension", path, child: node, reference: null };
    }
    const joined = concatBytes(path, loaded.path);
    if (loaded.kind === "leaf") return { kind: "leaf", path: joined, value: loaded.value, reference: null };
    return { kind: "extension", path: joined, child: loaded.child, reference: null };
  }
}

/**
 * Whether nothing below changed since the last hashing. A branch of one's own changes in place, so that the same object
 * may come back with something removed; its reference is gone then.
 */
function isSettled(node: TrieNode | null): boolean {
  return node === null || node.reference !== null;
}
