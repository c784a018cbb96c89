import { assert, hexToBytes } from "@festina/primitives";
import type { Committee } from "@festina/types";

const decoded = new WeakMap<Committee, readonly Uint8Array[]>();

/** Public keys in the members' order, decoded once: the same arrays each time, by which suites may remember points. */
export function memberKeys(committee: Committee): readonly Uint8Array[] {
  let keys = decoded.get(committee);
  if (keys === undefined) {
    keys = committee.members.map(({ publicKey }) => hexToBytes(publicKey));
    decoded.set(committee, keys);
  }
  return keys;
}

/** @throws AssertionError for a position outside the committee */
export function memberKey(committee: Committee, member: number): Uint8Array {
  const key = memberKeys(committee)[member];
  assert(key !== undefined, "strangers are refused before their key is asked for");
  return key;
}
