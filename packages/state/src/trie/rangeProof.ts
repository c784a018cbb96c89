// A stretch of a trie's entries with what proves that it is complete: how state travels in chunks between nodes that
// agree on nothing but the root.
import type { HashFunction } from "@festina/crypto";
import {
  assert,
  compareBytes,
  equalBytes,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  toHash32,
} from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import type { MerkleTrie } from "./merkleTrie.ts";
import { bytesToNibbles } from "./nibbles.ts";
import {
  type BranchNode,
  decodeTrieNode,
  type ExtensionNode,
  encodeTrieNode,
  HASH_BYTES,
  type LeafNode,
  type TrieNode,
} from "./trieNode.ts";
import { proveKey } from "./trieProof.ts";
import type { TrieEntry } from "./trieRange.ts";

/** Both ends belong to it. Keys are of 32 bytes. */
export interface KeySpan {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

const KEY_BYTES = 32;
const KEY_NIBBLES = 64;
/** The nodes on two paths. */
const PROOF_NODES_MAX = 2 * (KEY_NIBBLES + 1);

type OwnNode = LeafNode | ExtensionNode | BranchNode;
type Place = "outside" | "inside" | "across";

/** The nodes on the way to both ends. The entries between them say the rest. */
export function proveSpan(trie: MerkleTrie, { from, to }: KeySpan): readonly Uint8Array[] {
  const proof = [...proveKey(trie, from)];
  for (const node of proveKey(trie, to)) if (!proof.some((known) => equalBytes(known, node))) proof.push(node);
  return proof;
}

class Mismatch extends Error {}

/** Entries with their keys spelled in nibbles. */
interface Spelled {
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Compares from the root down: what the span cuts is read from the proof, by its hash; what lies inside is built from the
 * entries and must have the hash that its parent names.
 */
class SpanCheck {
  /** Nodes that belong to the trie, by hash: of the proof, and made from the entries. */
  readonly nodes = new Map<Hash32, Uint8Array>();
  readonly #entries: readonly Spelled[];
  readonly #from: Uint8Array;
  readonly #to: Uint8Array;
  readonly #proof: ReadonlyMap<Hash32, Uint8Array>;
  readonly #hash: HashFunction;

  constructor(span: KeySpan, entries: readonly TrieEntry[], proof: readonly Uint8Array[], hash: HashFunction) {
    this.#from = bytesToNibbles(span.from);
    this.#to = bytesToNibbles(span.to);
    this.#entries = entries.map(({ key, value }) => ({ path: bytesToNibbles(key), value }));
    this.#proof = new Map(proof.map((encoded) => [toHash32(hash(encoded)), encoded]));
    this.#hash = hash;
  }

  checkRoot(root: Hash32): void {
    const all = this.#entries.length;
    if (root === EMPTY_ROOT) return this.#expect(all === 0, "an empty trie has no entries");
    if (this.#placeOf([]) === "inside" && all > 0) {
      const encoded = encodeTrieNode(this.#build(0, all, 0));
      this.#expect(toHash32(this.#hash(encoded)) === root, "the entries make another root");
      // A root is kept under its hash however short it is.
      this.nodes.set(root, encoded);
      return;
    }
    this.#check({ kind: "hashed", reference: hexToBytes(root), loaded: null }, [], 0, all);
  }

  #expect(isSo: boolean, message: string): asserts isSo {
    if (!isSo) throw new Mismatch(message);
  }

  #placeOf(prefix: readonly number[]): Place {
    const { length } = prefix;
    const taken = Uint8Array.from(prefix);
    const low = compareBytes(taken, this.#from.subarray(0, length));
    const high = compareBytes(taken, this.#to.subarray(0, length));
    if (low < 0 || high > 0) return "outside";
    const isAbove = low > 0 || this.#from.subarray(length).every((nibble) => nibble === 0);
    const isBelow = high < 0 || this.#to.subarray(length).every((nibble) => nibble === 15);
    return isAbove && isBelow ? "inside" : "across";
  }

  /** Entries `first` to below `end` are all that begin with `prefix`. */
  #check(node: TrieNode | null, prefix: readonly number[], first: number, end: number): void {
    const place = this.#placeOf(prefix);
    if (place === "outside") return this.#expect(first === end, "an entry lies outside");
    if (node === null) return this.#expect(first === end, "the trie has no such entry");
    if (place === "inside") {
      this.#expect(first < end, "entries are left out");
      const built = this.#build(first, end, prefix.length);
      this.#expect(equalBytes(built.reference as Uint8Array, node.reference as Uint8Array), "the entries differ");
      return;
    }
    this.#checkAcross(this.#read(node), prefix, first, end);
  }

  #checkAcross(node: OwnNode, prefix: readonly number[], first: number, end: number): void {
    if (node.kind === "branch") {
      this.#expect(prefix.length < KEY_NIBBLES, "a path is too long");
      let at = first;
      for (let nibble = 0; nibble < 16; nibble++) {
        const next = this.#endOf(at, end, prefix.length, nibble);
        this.#check(node.children[nibble] ?? null, [...prefix, nibble], at, next);
        at = next;
      }
      return;
    }
    const path = [...prefix, ...node.path];
    this.#expect(path.length <= KEY_NIBBLES, "a path is too long");
    for (let at = first; at < end; at++)
      this.#expect(startsWith(this.#entries[at]?.path, path), "the trie has no such entry");
    if (node.kind === "extension") return this.#check(node.child, path, first, end);
    this.#expect(path.length === KEY_NIBBLES, "a path is too short");
    if (this.#placeOf(path) === "outside") return this.#expect(first === end, "an entry lies outside");
    const value = this.#entries[first]?.value;
    this.#expect(end === first + 1 && value !== undefined && equalBytes(value, node.value), "an entry differs");
  }

  #endOf(first: number, end: number, depth: number, nibble: number): number {
    let at = first;
    while (at < end && this.#entries[at]?.path[depth] === nibble) at++;
    return at;
  }

  #read(node: TrieNode): OwnNode {
    if (node.kind !== "hashed") return node;
    const hash = toHash32(node.reference);
    const encoded = this.#proof.get(hash);
    this.#expect(encoded !== undefined, "a node of the proof is missing");
    const decoded = decodeTrieNode(encoded, node.reference);
    this.#expect(decoded !== null && decoded.kind !== "hashed", "a node of the proof is damaged");
    this.nodes.set(hash, encoded);
    return decoded;
  }

  /** The subtree of entries that agree up to `depth`, hashed and noted. */
  #build(first: number, end: number, depth: number): OwnNode {
    const lowest = this.#entries[first];
    const highest = this.#entries[end - 1];
    assert(lowest !== undefined && highest !== undefined, "a subtree has entries");
    if (end === first + 1)
      return this.#settle({ kind: "leaf", path: lowest.path.subarray(depth), value: lowest.value, reference: null });
    let fork = depth;
    while (lowest.path[fork] === highest.path[fork]) fork++;
    const children: (TrieNode | null)[] = new Array<TrieNode | null>(16).fill(null);
    for (let at = first; at < end; ) {
      const nibble = this.#entries[at]?.path[fork] as number;
      const next = this.#endOf(at, end, fork, nibble);
      children[nibble] = this.#build(at, next, fork + 1);
      at = next;
    }
    const branch = this.#settle({ kind: "branch", children, reference: null, owner: this.#entries });
    if (fork === depth) return branch;
    const path = lowest.path.subarray(depth, fork);
    return this.#settle({ kind: "extension", path, child: branch, reference: null });
  }

  #settle<Node extends OwnNode>(node: Node): Node {
    const encoded = encodeTrieNode(node);
    if (encoded.length < HASH_BYTES) node.reference = encoded;
    else {
      node.reference = this.#hash(encoded);
      this.nodes.set(toHash32(node.reference), encoded);
    }
    return node;
  }
}

function startsWith(path: Uint8Array | undefined, prefix: readonly number[]): boolean {
  return path !== undefined && prefix.every((nibble, index) => path[index] === nibble);
}

function isOrdered(entries: readonly TrieEntry[], { from, to }: KeySpan): boolean {
  return entries.every(({ key, value }, index) => {
    const before = entries[index - 1]?.key;
    const isInside = compareBytes(key, from) >= 0 && compareBytes(key, to) <= 0;
    return (
      key.length === KEY_BYTES &&
      value.length > 0 &&
      isInside &&
      (before === undefined || compareBytes(before, key) < 0)
    );
  });
}

/**
 * Whether `entries` are exactly what the trie with this root holds in the span. Answers with nodes of that trie: all that
 * lie inside the span and all that it cuts, so that spans that cover every key bring every node.
 */
export function verifySpan(
  root: Hash32,
  span: KeySpan,
  entries: readonly TrieEntry[],
  proof: readonly Uint8Array[],
  hash: HashFunction,
): Result<ReadonlyMap<Hash32, Uint8Array>, "SPAN_INVALID"> {
  if (!isOrdered(entries, span)) return fail("SPAN_INVALID", "the entries are not ascending keys of the span");
  if (proof.length > PROOF_NODES_MAX) return fail("SPAN_INVALID", "the proof is too long");
  const check = new SpanCheck(span, entries, proof, hash);
  try {
    check.checkRoot(root);
  } catch (error) {
    if (error instanceof Mismatch) return fail("SPAN_INVALID", error.message);
    throw error;
  }
  return ok(check.nodes);
}
