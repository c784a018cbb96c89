import { keccakHash } from "@festina/crypto";
import { asciiToBytes, concatBytes, type Hash32, hexToBytes } from "@festina/primitives";

const DOMAIN = asciiToBytes("festina/election/1");

/**
 * From the beacon some blocks after the window was frozen and the window's last snail block: whoever mines that block or
 * freezes the window cannot know the beacon, and whoever makes the beacon cannot change the window.
 */
export function electionSeed(beacon: Hash32, windowLastHash: Hash32): Hash32 {
  return keccakHash(concatBytes(DOMAIN, hexToBytes(beacon), hexToBytes(windowLastHash)));
}
