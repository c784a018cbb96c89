import { assert, concatBytes, decodeRlp, newBytes, type RlpItem } from "@festina/primitives";
import { decodePath, encodePath } from "./nibbles.ts";

/**
 * Nodes of the hexary trie. Keys all have one length, so branches hold no value. A node's `reference` is how its parent
 * names it, already in RLP: 0xa0 and its hash, or the node itself when shorter than 32 bytes. It is `null` while the
 * node has changed since it was last hashed; hashing waits for the end of the block.
 */
export type TrieNode = LeafNode | ExtensionNode | BranchNode | HashedNode;

export interface LeafNode {
  readonly kind: "leaf";
  readonly path: Uint8Array;
  readonly value: Uint8Array;
  reference: Uint8Array | null;
}

export interface ExtensionNode {
  readonly kind: "extension";
  readonly path: Uint8Array;
  child: TrieNode;
  reference: Uint8Array | null;
}

export interface BranchNode {
  readonly kind: "branch";
  readonly children: (TrieNode | null)[];
  reference: Uint8Array | null;
  /** The trie that may change this node in place; others copy it first. */
  readonly owner: object;
}

/** A node not loaded yet. */
export interface HashedNode {
  readonly kind: "hashed";
  readonly reference: Uint8Array;
}

const EMPTY_STRING = 0x80;
const HASH_PREFIX = 0xa0;
const SHARED: object = {};

function lengthHeader(length: number, offset: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length);
  if (length < 0x100) return Uint8Array.of(offset + 56, length);
  assert(length < 0x1_0000_00, "a trie node has less than 16 MiB");
  if (length < 0x1_0000) return Uint8Array.of(offset + 57, length >> 8, length & 0xff);
  return Uint8Array.of(offset + 58, length >> 16, (length >> 8) & 0xff, length & 0xff);
}

function encodeString(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && (bytes[0] as number) < 0x80) return bytes;
  return concatBytes(lengthHeader(bytes.length, 0x80), bytes);
}

function encodeList(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  return concatBytes(lengthHeader(length, 0xc0), ...parts);
}

/** The body of a branch: sixteen references and an empty value. Written in one buffer, as most nodes are branches. */
function encodeBranch(node: BranchNode): Uint8Array {
  let length = 1;
  for (const child of node.children) length += child === null ? 1 : (child.reference as Uint8Array).length;
  const header = lengthHeader(length, 0xc0);
  const encoded = newBytes(header.length + length);
  encoded.set(header);
  let at = header.length;
  for (const child of node.children) {
    if (child === null) encoded[at++] = EMPTY_STRING;
    else {
      const reference = child.reference as Uint8Array;
      encoded.set(reference, at);
      at += reference.length;
    }
  }
  encoded[at] = EMPTY_STRING;
  return encoded;
}

/** RLP of a node whose children all have their references. */
export function encodeTrieNode(node: LeafNode | ExtensionNode | BranchNode): Uint8Array {
  switch (node.kind) {
    case "leaf":
      return encodeList(encodeString(encodePath(node.path, true)), encodeString(node.value));
    case "extension":
      return encodeList(encodeString(encodePath(node.path, false)), node.child.reference as Uint8Array);
    case "branch":
      return encodeBranch(node);
  }
}

export function hashReference(hash: Uint8Array): Uint8Array {
  const reference = new Uint8Array(33);
  reference[0] = HASH_PREFIX;
  reference.set(hash, 1);
  return reference;
}

/** The hash inside a reference, or `null` for a node that stands in its parent. */
export function referencedHash(reference: Uint8Array): Uint8Array | null {
  return reference.length === 33 && reference[0] === HASH_PREFIX ? reference.subarray(1) : null;
}

function childOf(item: RlpItem | undefined): TrieNode | null {
  if (item === undefined) return null;
  if (!(item instanceof Uint8Array)) return nodeOf(item, null);
  if (item.length === 0) return null;
  return item.length === 32 ? { kind: "hashed", reference: hashReference(item) } : null;
}

function nodeOf(item: readonly RlpItem[], reference: Uint8Array | null): TrieNode | null {
  if (item.length === 17) {
    const children = item.slice(0, 16).map(childOf);
    const branch: BranchNode = { kind: "branch", children, reference, owner: SHARED };
    branch.reference ??= encodeBranch(branch);
    return branch;
  }
  const [encodedPath, second] = item;
  if (item.length !== 2 || !(encodedPath instanceof Uint8Array) || second === undefined) return null;
  const path = decodePath(encodedPath);
  if (path === null) return null;
  if (path.isLeaf) {
    if (!(second instanceof Uint8Array)) return null;
    const leaf: LeafNode = { kind: "leaf", path: path.nibbles, value: second, reference };
    leaf.reference ??= encodeTrieNode(leaf);
    return leaf;
  }
  const child = childOf(second);
  if (child === null) return null;
  const extension: ExtensionNode = { kind: "extension", path: path.nibbles, child, reference };
  extension.reference ??= encodeTrieNode(extension);
  return extension;
}

/** The node that `encoded` is; `reference` is how it was named. `null` when these bytes are no trie node. */
export function decodeTrieNode(encoded: Uint8Array, reference: Uint8Array): TrieNode | null {
  const decoded = decodeRlp(encoded);
  if (!decoded.ok || decoded.value instanceof Uint8Array) return null;
  return nodeOf(decoded.value, reference);
}
