import { keccak256 } from "@festina/crypto";
import { concatBytes, encodeRlp, type Hash32, type RlpItem, rlpInteger, toHash32 } from "@festina/primitives";
import { EMPTY_ROOT } from "./fastHeader.ts";

/**
 * The Merkle-Patricia root of a list under its RLP-encoded indexes: transactions and receipts of a block. Built in one
 * go from all leaves; the world state, which changes in place, has a trie of its own.
 */

interface Leaf {
  readonly nibbles: readonly number[];
  readonly value: Uint8Array;
}

function toNibbles(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Hex-prefix encoding (yellow paper, appendix C). */
function compactPath(nibbles: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = isLeaf ? 2 : 0;
  const padded = nibbles.length % 2 === 0 ? [flag, 0, ...nibbles] : [flag + 1, ...nibbles];
  return Uint8Array.from(
    { length: padded.length / 2 },
    (_, i) => ((padded[2 * i] as number) << 4) | (padded[2 * i + 1] as number),
  );
}

/** Nodes shorter than 32 bytes stand in their parent, others are named by hash. */
function reference(node: RlpItem): RlpItem {
  const encoded = encodeRlp(node);
  return encoded.length < 32 ? node : keccak256(encoded);
}

function sharedLength(leaves: readonly Leaf[], depth: number): number {
  const first = (leaves[0] as Leaf).nibbles;
  const last = (leaves[leaves.length - 1] as Leaf).nibbles;
  let length = 0;
  while (depth + length < first.length && first[depth + length] === last[depth + length]) length++;
  return length;
}

/** `leaves` are sorted, distinct and prefix-free (RLP integers are), so a branch never holds a value. */
function buildNode(leaves: readonly Leaf[], depth: number): RlpItem {
  const first = leaves[0] as Leaf;
  if (leaves.length === 1) return [compactPath(first.nibbles.slice(depth), true), first.value];
  const shared = sharedLength(leaves, depth);
  if (shared > 0) {
    return [
      compactPath(first.nibbles.slice(depth, depth + shared), false),
      reference(buildNode(leaves, depth + shared)),
    ];
  }
  const children: RlpItem[] = [];
  for (let nibble = 0; nibble < 16; nibble++) {
    const below = leaves.filter((leaf) => leaf.nibbles[depth] === nibble);
    children.push(below.length === 0 ? new Uint8Array(0) : reference(buildNode(below, depth + 1)));
  }
  return [...children, new Uint8Array(0)];
}

function compareNibbles(a: Leaf, b: Leaf): number {
  for (let i = 0; i < Math.min(a.nibbles.length, b.nibbles.length); i++) {
    const difference = (a.nibbles[i] as number) - (b.nibbles[i] as number);
    if (difference !== 0) return difference;
  }
  return a.nibbles.length - b.nibbles.length;
}

export function computeListRoot(values: readonly Uint8Array[]): Hash32 {
  if (values.length === 0) return EMPTY_ROOT;
  const leaves = values.map((value, index) => ({ nibbles: toNibbles(encodeRlp(rlpInteger(index))), value }));
  leaves.sort(compareNibbles);
  return toHash32(keccak256(encodeRlp(buildNode(leaves, 0))));
}

/** EIP-7685: SHA-256 over the hashes of the non-empty requests, each a type byte and its data. */
export function computeRequestsHash(
  requests: readonly Uint8Array[],
  sha256: (bytes: Uint8Array) => Uint8Array,
): Hash32 {
  return toHash32(sha256(concatBytes(...requests.map(sha256))));
}
