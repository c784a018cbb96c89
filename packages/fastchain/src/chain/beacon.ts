import { keccakHash, type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { concatBytes, type Hash32, hexToBytes } from "@festina/primitives";
import type { CommitteeMember } from "@festina/types";

/**
 * Randomness that no single proposer chooses: each mixes in its signature over (epoch, view), of which there is only
 * one. All it can do is not to propose.
 */
export function nextBeacon(previous: Hash32, reveal: Uint8Array): Hash32 {
  return keccakHash(concatBytes(hexToBytes(previous), reveal));
}

export function revealMessage(context: SigningContext, view: number): Uint8Array {
  return signingMessage(context, "beaconReveal", view, null);
}

export function verifyReveal(
  reveal: Uint8Array,
  leader: CommitteeMember,
  context: SigningContext,
  view: number,
  suite: SignatureSuite,
): boolean {
  return (suite.beacon ?? suite).verify(hexToBytes(leader.publicKey), revealMessage(context, view), reveal);
}
