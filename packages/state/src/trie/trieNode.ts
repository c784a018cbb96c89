import { assert, decodeRlp, newBytes, type RlpItem } from "@festina/primitives";
import { decodePath, writePath } from "./nibbles.ts";

/**
 * Nodes of the hexary trie. Keys all have one length, so branches hold no value. A node's `reference` is how its parent
 * names it: its hash, or the node itself in RLP when that is shorter than a hash. It is `null` while the node has
 * changed since it was last hashed; hashing waits for the end of the block.
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
  /** What it is, once somebody has read it to change what is below. */
  loaded: LeafNode | ExtensionNode | BranchNode | null;
}

/** A node that is shorter stands in its parent. */
export const HASH_BYTES = 32;
const STRING = 0x80;
const LIST = 0xc0;
const SHARED: object = {};

/** Bytes of the header of a string or list with so many bytes in it. */
function headerBytes(length: number): number {
  assert(length < 0x1_0000_00, "a trie node has less than 16 MiB");
  return length < 56 ? 1 : length < 0x100 ? 2 : length < 0x1_0000 ? 3 : 4;
}

/** @returns where it ends */
function writeHeader(to: Uint8Array, at: number, length: number, offset: number): number {
  if (length < 56) {
    to[at] = offset + length;
    return at + 1;
  }
  const size = headerBytes(length) - 1;
  to[at] = offset + 55 + size;
  for (let i = size, rest = length; i > 0; i--, rest >>= 8) to[at + i] = rest & 0xff;
  return at + 1 + size;
}

const isByteItself = (bytes: Uint8Array): boolean => bytes.length === 1 && (bytes[0] as number) < STRING;
const stringBytes = (bytes: Uint8Array): number => (isByteItself(bytes) ? 1 : headerBytes(bytes.length) + bytes.length);

function writeString(to: Uint8Array, at: number, bytes: Uint8Array): void {
  to.set(bytes, isByteItself(bytes) ? at : writeHeader(to, at, bytes.length, STRING));
}

const referenceBytes = (reference: Uint8Array): number =>
  reference.length === HASH_BYTES ? 1 + HASH_BYTES : reference.length;

/** @returns where it ends */
function writeReference(to: Uint8Array, at: number, reference: Uint8Array): number {
  const from = reference.length === HASH_BYTES ? writeHeader(to, at, HASH_BYTES, STRING) : at;
  to.set(reference, from);
  return from + reference.length;
}

/** Sixteen references and an empty value. Written in one buffer, as all nodes are: most of a block's are made once. */
function encodeBranch({ children }: BranchNode): Uint8Array {
  let length = 1;
  for (let i = 0; i < 16; i++) {
    const child = children[i] as TrieNode | null;
    length += child === null ? 1 : referenceBytes(child.reference as Uint8Array);
  }
  const encoded = newBytes(headerBytes(length) + length);
  let at = writeHeader(encoded, 0, length, LIST);
  for (let i = 0; i < 16; i++) {
    const child = children[i] as TrieNode | null;
    if (child === null) encoded[at++] = STRING;
    else at = writeReference(encoded, at, child.reference as Uint8Array);
  }
  encoded[at] = STRING;
  return encoded;
}

/** A path, and what lies at its end. */
function encodeShort(node: LeafNode | ExtensionNode): Uint8Array {
  const pathBytes = 1 + (node.path.length >> 1);
  // A path of one byte has a flag and a nibble, which is below 0x40.
  const pathSize = pathBytes === 1 ? 1 : 1 + pathBytes;
  const isLeaf = node.kind === "leaf";
  const length = pathSize + (isLeaf ? stringBytes(node.value) : referenceBytes(node.child.reference as Uint8Array));
  const encoded = newBytes(headerBytes(length) + length);
  const start = writeHeader(encoded, 0, length, LIST);
  writePath(node.path, isLeaf, encoded, pathSize === 1 ? start : writeHeader(encoded, start, pathBytes, STRING));
  if (isLeaf) writeString(encoded, start + pathSize, node.value);
  else writeReference(encoded, start + pathSize, node.child.reference as Uint8Array);
  return encoded;
}

/** RLP of a node whose children all have their references. */
export function encodeTrieNode(node: LeafNode | ExtensionNode | BranchNode): Uint8Array {
  return node.kind === "branch" ? encodeBranch(node) : encodeShort(node);
}

function childOf(item: RlpItem | undefined): TrieNode | null {
  if (item === undefined) return null;
  if (item instanceof Uint8Array) {
    return item.length === HASH_BYTES ? { kind: "hashed", reference: item.slice(), loaded: null } : null;
  }
  const node = nodeOf(item, null);
  return node === null || (node.reference as Uint8Array).length < HASH_BYTES ? node : null;
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
