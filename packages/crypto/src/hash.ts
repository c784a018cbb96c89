import { type Hash32, toHash32 } from "@festina/primitives";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** Any bytes in, 32 bytes out. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array;

/** Ethereum's Keccak-256 (the padding before FIPS 202). Where millions of hashes are made, a kernel is passed in instead. */
export const keccak256: HashFunction = (bytes) => keccak_256(bytes);

export const sha256: HashFunction = (bytes) => nobleSha256(bytes);

export function keccakHash(bytes: Uint8Array): Hash32 {
  return toHash32(keccak_256(bytes));
}
