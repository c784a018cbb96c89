import type { Preset } from "@festina/chainspec";
import { keccakHash, type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { concatBytes, type Hash32, hexToBytes } from "@festina/primitives";
import type { CommitteeMember, PrePrepare } from "@festina/types";
import type { HybridState } from "./hybridState.ts";

/** What a leader contributes to a block in which no reveal is due. */
export const NO_REVEAL = new Uint8Array(0);

/**
 * Whether the leader of `parent`'s child mixes a reveal into the beacon. Between the freeze of a window and its seed every
 * leader does, so that nobody who freezes a window can know the seed; else one in so many blocks is enough.
 */
export function isRevealDue(
  { header, election }: Pick<HybridState, "header" | "election">,
  { beaconIntervalBlocks }: Pick<Preset, "beaconIntervalBlocks">,
): boolean {
  return election.phase === "frozen" || (header.number + 1) % beaconIntervalBlocks === 0;
}

/**
 * Randomness that no single proposer chooses: where a reveal is due, the leader mixes in its signature over (epoch, view),
 * of which there is only one. All it can do is not to propose. Elsewhere `reveal` is empty and the beacon only changes.
 */
export function nextBeacon(previous: Hash32, reveal: Uint8Array): Hash32 {
  return keccakHash(concatBytes(hexToBytes(previous), reveal));
}

export function revealMessage(context: SigningContext, view: number): Uint8Array {
  return signingMessage(context, "beaconReveal", view, null);
}

export interface RevealRules {
  readonly preset: Pick<Preset, "beaconIntervalBlocks">;
  readonly suite: SignatureSuite;
  /** Its epoch is the committee's. */
  readonly context: SigningContext;
}

/** Whether a proposal carries its leader's own reveal where one is due, and none elsewhere. */
export function isRevealRight(
  { reveal, view }: Pick<PrePrepare, "reveal" | "view">,
  parent: Pick<HybridState, "header" | "election">,
  leader: Pick<CommitteeMember, "publicKey"> | undefined,
  { preset, suite, context }: RevealRules,
): boolean {
  if (!isRevealDue(parent, preset)) return reveal.length === 0;
  if (leader === undefined) return false;
  return (suite.beacon ?? suite).verify(hexToBytes(leader.publicKey), revealMessage(context, view), reveal);
}
