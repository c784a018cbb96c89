import { assert, type Hash32, hexToBytes, toHash32 } from "@festina/primitives";
import { WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { decodeAccountRecord } from "../world/accountRecord.ts";
import type { NodeTable } from "./nodeTable.ts";
import { decodeTrieNode, type TrieNode } from "./trieNode.ts";

interface Place {
  readonly node: TrieNode;
  /** Of the accounts' trie, whose leaves lead to storages. */
  readonly isOfAccounts: boolean;
}

const hashed = (root: Hash32): TrieNode => ({ kind: "hashed", reference: hexToBytes(root), loaded: null });

/**
 * All nodes of a state, storages included, as a tree is walked: what stands in several places comes several times. Memory
 * grows with the depth of the trie alone. @throws InvariantError when a node is missing or damaged
 */
export function* nodesOfState(
  root: Hash32,
  read: (hash: Hash32) => Uint8Array | undefined,
): Generator<readonly [hash: Uint8Array, encoded: Uint8Array]> {
  const places: Place[] = root === EMPTY_ROOT ? [] : [{ node: hashed(root), isOfAccounts: true }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { isOfAccounts } = place;
    let { node } = place;
    if (node.kind === "hashed") {
      const { reference } = node;
      const encoded = read(toHash32(reference));
      assert(encoded !== undefined, `trie node ${toHash32(reference)} is missing`);
      yield [reference, encoded];
      const decoded = decodeTrieNode(encoded, reference);
      assert(decoded !== null, `trie node ${toHash32(reference)} is damaged`);
      node = decoded;
    }
    if (node.kind === "branch") {
      for (const child of node.children) if (child !== null) places.push({ node: child, isOfAccounts });
    } else if (node.kind === "extension") places.push({ node: node.child, isOfAccounts });
    else if (node.kind === "leaf" && isOfAccounts) {
      const record = decodeAccountRecord(node.value);
      assert(record !== null, "an account leaf is damaged");
      if (record.storageRoot !== EMPTY_ROOT) places.push({ node: hashed(record.storageRoot), isOfAccounts: false });
    }
  }
}

/** Brings a state into the younger generation, so many nodes at a time. */
export class StateCopy {
  readonly #nodes: NodeTable;
  readonly #left: Generator<readonly [Uint8Array, Uint8Array]>;
  /** Nodes that were looked at. */
  seen = 0;
  /** Of them: those that the younger generation did not have. */
  copied = 0;

  constructor(nodes: NodeTable, root: Hash32) {
    this.#nodes = nodes;
    this.#left = nodesOfState(root, (hash) => nodes.get(hash));
  }

  /** Adds the next nodes to a batch, which is to be written before the next call; `null` when all are copied. */
  next(max: number): WriteBatch | null {
    const batch = new WriteBatch();
    for (let count = 0; count < max; count++) {
      const found = this.#left.next();
      if (found.done === true) return count === 0 ? null : batch;
      const [hash, encoded] = found.value;
      this.seen += 1;
      if (this.#nodes.isYoung(hash)) continue;
      this.copied += 1;
      this.#nodes.put(batch, hash, encoded);
    }
    return batch;
  }
}
