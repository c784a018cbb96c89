import { keccak256 } from "@festina/crypto";
import { assert } from "@festina/primitives";
import { TRUEHASH_SEEDS } from "./truehashTable.ts";

const HASH_BYTES = 32;

/**
 * The 10,240 hashes of a data set: those of the sample, oldest first, then keccak256 of the one before. A sample of the
 * mainnet is all of them; genesis alone begins a chain of hashes.
 */
export function continuePowSample(sample: Uint8Array): Uint8Array {
  assert(sample.length > 0 && sample.length % HASH_BYTES === 0, "a sample is one or more hashes");
  const seeds = new Uint8Array(TRUEHASH_SEEDS * HASH_BYTES);
  seeds.set(sample.subarray(0, seeds.length));
  for (let at = sample.length; at < seeds.length; at += HASH_BYTES)
    seeds.set(keccak256(seeds.subarray(at - HASH_BYTES, at)), at);
  return seeds;
}
