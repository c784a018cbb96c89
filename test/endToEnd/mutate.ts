import { concatBytes, decodeRlp, encodeRlp, type Prng, type RlpItem } from "@festina/primitives";

const GROWTH_BYTES_MAX = 64;

function pick<T>(prng: Prng, list: readonly T[]): T {
  return list[prng.below(list.length)] as T;
}

/** Damages bytes without knowing what they mean: flipped, cut off, overwritten, doubled, grown. */
export function mutateBytes(prng: Prng, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const at = prng.below(Math.max(1, copy.length));
  const some = prng.bytes(1 + prng.below(GROWTH_BYTES_MAX));
  switch (prng.below(5)) {
    case 0:
      if (copy.length > 0) copy[at] = (copy[at] as number) ^ (1 << prng.below(8));
      return copy;
    case 1:
      return copy.slice(0, at);
    case 2:
      copy.set(some.subarray(0, copy.length - at), at);
      return copy;
    case 3:
      return concatBytes(copy, copy.slice(at));
    default:
      return concatBytes(copy.slice(0, at), some, copy.slice(at));
  }
}

/** Values that decoders and index arithmetic stumble over. */
function strangeLeaf(prng: Prng, leaf: Uint8Array): RlpItem {
  return pick<() => RlpItem>(prng, [
    () => new Uint8Array(0),
    () => Uint8Array.of(1),
    () => new Uint8Array(6).fill(0xff), // the largest whole number that survives in a double is near
    () => Uint8Array.of(0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    () => new Uint8Array(8).fill(0xff),
    () => new Uint8Array(leaf.length),
    () => new Uint8Array(leaf.length).fill(0xff),
    () => prng.bytes(leaf.length),
    () => prng.bytes(leaf.length + 1),
    () => mutateBytes(prng, leaf),
    () => [],
    () => [leaf],
  ])();
}

function mutateItem(prng: Prng, item: RlpItem): RlpItem {
  if (item instanceof Uint8Array) {
    // Envelopes and bodies travel as strings inside lists: go on inside.
    const inner = item.length > 8 && prng.below(3) > 0 ? decodeRlp(item) : null;
    if (inner?.ok && !(inner.value instanceof Uint8Array)) return encodeRlp(mutateItem(prng, inner.value));
    return strangeLeaf(prng, item);
  }
  if (item.length === 0) return pick<RlpItem>(prng, [[[]], [new Uint8Array(32)], new Uint8Array(0)]);
  const at = prng.below(item.length);
  const chosen = item[at] as RlpItem;
  const roll = prng.below(12);
  if (roll === 0) return item.filter((_, index) => index !== at);
  if (roll === 1) return [...item.slice(0, at), chosen, ...item.slice(at)];
  if (roll === 2) return [...item].reverse();
  return item.map((entry, index) => (index === at ? mutateItem(prng, entry) : entry));
}

/** Well-formed RLP whose meaning is damaged somewhere, at any depth; plain damage where `bytes` are no RLP list. */
export function mutateRlp(prng: Prng, bytes: Uint8Array): Uint8Array {
  const decoded = decodeRlp(bytes);
  if (!decoded.ok || decoded.value instanceof Uint8Array) return mutateBytes(prng, bytes);
  return encodeRlp(mutateItem(prng, decoded.value));
}
