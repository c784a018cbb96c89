// Changes of a valid encoding that know its structure, and some that do not.
import { concatBytes, decodeRlp, encodeRlp, type Prng, RLP_DEPTH_MAX, type RlpItem } from "@festina/primitives";

/** No input is longer: what a frame may carry at most would only be slow. */
const BYTES_MAX = 16 * 1024;
const MUTATIONS_MAX = 3;
const EDGES: readonly Uint8Array[] = [
  new Uint8Array(0),
  Uint8Array.of(0),
  Uint8Array.of(1),
  Uint8Array.of(0x80),
  Uint8Array.of(0, 1),
  new Uint8Array(8).fill(0xff),
  new Uint8Array(9).fill(0xff),
  Uint8Array.of(0x20, 0, 0, 0, 0, 0, 0),
  new Uint8Array(31).fill(1),
  new Uint8Array(32),
  new Uint8Array(32).fill(0xff),
  new Uint8Array(33).fill(0xff),
  new Uint8Array(20),
];

const oneOf = <T>(items: readonly T[], prng: Prng): T => items[prng.below(items.length)] as T;

function mutateLeaf(leaf: Uint8Array, prng: Prng): RlpItem {
  switch (prng.below(7)) {
    case 0:
      return oneOf(EDGES, prng);
    case 1:
      return prng.bytes(prng.below(2 * leaf.length + 2));
    case 2:
      return leaf.subarray(0, prng.below(leaf.length + 1));
    case 3:
      return concatBytes(leaf, prng.bytes(1 + prng.below(4)));
    case 4:
      return [leaf];
    case 5: {
      // What is an encoding itself: an envelope in a list, a block in a proposal.
      const inner = decodeRlp(leaf);
      return inner.ok && !(inner.value instanceof Uint8Array) ? encodeRlp(mutateItem(inner.value, leaf, prng)) : leaf;
    }
    default: {
      const changed = leaf.slice();
      if (changed.length > 0) changed[prng.below(changed.length)] = prng.below(256);
      return changed;
    }
  }
}

function mutateList(list: readonly RlpItem[], foreign: Uint8Array, prng: Prng): RlpItem {
  const at = prng.below(list.length);
  const child = list[at] as RlpItem;
  switch (prng.below(8)) {
    case 0:
      return [...list.slice(0, at), ...list.slice(at + 1)];
    case 1:
      return [...list.slice(0, at), child, ...list.slice(at)];
    case 2:
      return [...list].reverse();
    case 3:
      return Array.from({ length: 1 + prng.below(prng.below(8) === 0 ? 200 : 8) }, () => child);
    case 4:
      return [...list.slice(0, at), foreign, ...list.slice(at + 1)];
    default:
      return [...list.slice(0, at), mutateItem(child, foreign, prng), ...list.slice(at + 1)];
  }
}

function mutateItem(item: RlpItem, foreign: Uint8Array, prng: Prng): RlpItem {
  if (item instanceof Uint8Array) return mutateLeaf(item, prng);
  if (item.length === 0) return prng.below(2) === 0 ? [foreign] : foreign;
  return mutateList(item, foreign, prng);
}

const NEST_DEPTHS = [RLP_DEPTH_MAX - 1, RLP_DEPTH_MAX, RLP_DEPTH_MAX + 1, 300];
const HEADER_BYTES_MAX = 3;

/** Nested around the limit, and far beyond it. By hand, inside out: our own encoder would recurse as deep. */
function nested(inner: Uint8Array, prng: Prng): Uint8Array {
  const core = inner.subarray(0, 64);
  const depth = oneOf(NEST_DEPTHS, prng);
  const bytes = new Uint8Array(core.length + depth * HEADER_BYTES_MAX);
  let start = bytes.length - core.length;
  bytes.set(core, start);
  for (let level = 0; level < depth; level++) {
    const length = bytes.length - start;
    const header = length < 56 ? [0xc0 + length] : length < 256 ? [0xf8, length] : [0xf9, length >> 8, length & 0xff];
    start -= header.length;
    bytes.set(header, start);
  }
  return bytes.subarray(start);
}

function mutateRaw(bytes: Uint8Array, prng: Prng): Uint8Array {
  const at = prng.below(bytes.length + 1);
  switch (prng.below(10)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return concatBytes(bytes.subarray(0, at), prng.bytes(1 + prng.below(16)), bytes.subarray(at));
    case 2:
      return concatBytes(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + prng.below(16))));
    case 3: {
      // Lengths that lie, for the most part.
      const changed = bytes.slice();
      changed[prng.below(Math.min(16, changed.length))] = oneOf([0xb7, 0xb8, 0xbf, 0xc0, 0xf7, 0xf8, 0xff, 0x80], prng);
      return changed;
    }
    case 4:
      return nested(bytes, prng);
    default: {
      const changed = bytes.slice();
      if (changed.length > 0)
        changed[prng.below(changed.length)] = (changed[prng.below(changed.length)] ?? 0) ^ (1 << prng.below(8));
      return changed;
    }
  }
}

/** @param seed a valid encoding @param other another one, of whatever kind */
export function mutateBytes(seed: Uint8Array, other: Uint8Array, prng: Prng): Uint8Array {
  if (prng.below(50) === 0) return prng.bytes(prng.below(300));
  let bytes = seed;
  for (let left = 1 + prng.below(MUTATIONS_MAX); left > 0; left--) {
    // Some encodings have a byte or more in front: a transaction's type, a frame's.
    const start = prng.below(4) === 0 ? prng.below(Math.min(10, bytes.length + 1)) : 0;
    const decoded = prng.below(4) === 0 ? null : decodeRlp(bytes.subarray(start));
    const foreign = other.subarray(0, 512);
    bytes = decoded?.ok
      ? concatBytes(bytes.subarray(0, start), encodeRlp(mutateItem(decoded.value, foreign, prng)))
      : mutateRaw(bytes, prng);
    if (bytes.length > BYTES_MAX) bytes = bytes.subarray(0, BYTES_MAX);
  }
  return bytes;
}
