/**
 * Half bytes, high one first: the alphabet of trie paths. Parts of them are copies: a `subarray` of so few bytes, which
 * live in the heap of JavaScript, would first move all of them to a buffer of their own, at ten times the price.
 */

export function bytesToNibbles(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  writeNibbles(bytes, nibbles);
  return nibbles;
}

export function writeNibbles(bytes: Uint8Array, nibbles: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  }
}

export function nibblesToBytes(nibbles: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(nibbles.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = ((nibbles[2 * i] as number) << 4) | (nibbles[2 * i + 1] as number);
  return bytes;
}

/** How many nibbles of `path` equal those of `key` from `depth` on. */
export function sharedPrefix(path: Uint8Array, key: Uint8Array, depth: number): number {
  let length = 0;
  while (length < path.length && path[length] === key[depth + length]) length++;
  return length;
}

/** Hex-prefix form (yellow paper, appendix C), from an index on: parity and leaf flag in the first nibble. */
export function writePath(nibbles: Uint8Array, isLeaf: boolean, to: Uint8Array, from: number): void {
  const odd = nibbles.length & 1;
  to[from] = (isLeaf ? 0x20 : 0) | (odd ? 0x10 | (nibbles[0] as number) : 0);
  for (let i = odd, at = from + 1; i < nibbles.length; i += 2, at++)
    to[at] = ((nibbles[i] as number) << 4) | (nibbles[i + 1] as number);
}

/** `null` when the form is broken. */
export function decodePath(encoded: Uint8Array): { readonly nibbles: Uint8Array; readonly isLeaf: boolean } | null {
  const first = encoded[0];
  if (first === undefined || first > 0x3f) return null;
  const all = bytesToNibbles(encoded);
  const isOdd = (first & 0x10) !== 0;
  if (!isOdd && all[1] !== 0) return null;
  return { nibbles: all.slice(isOdd ? 1 : 2), isLeaf: (first & 0x20) !== 0 };
}
