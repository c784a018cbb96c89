/** Half bytes, high one first: the alphabet of trie paths. */

export function bytesToNibbles(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    nibbles[2 * i] = (bytes[i] as number) >> 4;
    nibbles[2 * i + 1] = (bytes[i] as number) & 15;
  }
  return nibbles;
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
  return { nibbles: all.subarray(isOdd ? 1 : 2), isLeaf: (first & 0x20) !== 0 };
}
