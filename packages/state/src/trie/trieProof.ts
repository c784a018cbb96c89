import type { HashFunction } from "@festina/crypto";
import { fail, type Hash32, ok, type Result, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "@festina/types";
import { MerkleTrie } from "./merkleTrie.ts";
import { bytesToNibbles, sharedPrefix } from "./nibbles.ts";
import { encodeTrieNode, HASH_BYTES, type TrieNode } from "./trieNode.ts";

/** The encoded nodes from the root towards `key`, as `eth_getProof` gives them; they also prove that a key is absent. */
export function proveKey(trie: MerkleTrie, key: Uint8Array): readonly Uint8Array[] {
  const nibbles = bytesToNibbles(key);
  const proof: Uint8Array[] = [];
  let node: TrieNode | null = trie.rootNode;
  let depth = 0;
  while (node !== null) {
    const isNamedByHash = node.reference?.length === HASH_BYTES;
    const loaded = trie.load(node);
    if (isNamedByHash) proof.push(encodeTrieNode(loaded));
    if (loaded.kind === "branch") {
      node = loaded.children[nibbles[depth] as number] ?? null;
      depth += 1;
      continue;
    }
    if (loaded.kind === "leaf" || sharedPrefix(loaded.path, nibbles, depth) < loaded.path.length) break;
    node = loaded.child;
    depth += loaded.path.length;
  }
  return proof;
}

/** The value that `proof` shows under `key` for a trie with this root; `null` when it shows that there is none. */
export function verifyProof(
  root: Hash32,
  key: Uint8Array,
  proof: readonly Uint8Array[],
  hash: HashFunction,
): Result<Uint8Array | null, "PROOF_INVALID"> {
  if (root === EMPTY_ROOT) return ok(null);
  const nodes = new Map(proof.map((encoded) => [toHash32(hash(encoded)), encoded]));
  let isMissing = false;
  const trie = new MerkleTrie(
    root,
    (name) => {
      const found = nodes.get(name);
      if (found === undefined) isMissing = true;
      return found;
    },
    hash,
  );
  try {
    return ok(trie.get(key) ?? null);
  } catch {
    return fail("PROOF_INVALID", isMissing ? "a node of the path is missing" : "a node of the path is damaged");
  }
}
