import { keccakHash } from "@festina/crypto";
import { asciiToBytes, concatBytes, type Hash32, hexToBytes } from "@festina/primitives";

const DOMAIN = asciiToBytes("festina/recovery/1");

/**
 * Where no committee makes beacons any more: from the last one and the snail block that decided. Its miner can only keep
 * it back and let another decide, which costs it the block; the weights were buried when it was mined.
 */
export function recoverySeed(beacon: Hash32, cutHash: Hash32): Hash32 {
  return keccakHash(concatBytes(DOMAIN, hexToBytes(beacon), hexToBytes(cutHash)));
}
