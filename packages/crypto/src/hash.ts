import { type Hash32, toHash32 } from "@festina/primitives";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { createKeccakKernel, type HashFunction } from "./keccakKernel.ts";

/** Ethereum's Keccak-256 (the padding before FIPS 202). */
export const keccak256: HashFunction = createKeccakKernel();

export const sha256: HashFunction = (bytes) => nobleSha256(bytes);

export function keccakHash(bytes: Uint8Array): Hash32 {
  return toHash32(keccak256(bytes));
}
