import { asciiToBytes, encodeRlp, type Hash32, hexToBytes, rlpInteger } from "@festina/primitives";

/**
 * What every consensus signature covers besides its content, so that no signature means anything elsewhere: another
 * chain, another epoch, another kind of message (flaw 27 of the original: votes replayed across chains).
 */
export interface SigningContext {
  readonly chainId: bigint;
  readonly genesisHash: Hash32;
  readonly epoch: number;
}

/** One tag per kind of signed message; unique over the whole protocol. */
export const SIGNING_DOMAIN = {
  prePrepare: "festina/pre-prepare/1",
  prepare: "festina/prepare/1",
  commit: "festina/commit/1",
  viewChange: "festina/view-change/1",
  beaconReveal: "festina/beacon-reveal/1",
} as const;

export type SignedKind = keyof typeof SIGNING_DOMAIN;

/** The bytes that are signed: rlp([domain, chainId, genesisHash, epoch, view, digest]). Without a digest: empty bytes. */
export function signingMessage(
  context: SigningContext,
  kind: SignedKind,
  view: number,
  digest: Hash32 | null,
): Uint8Array {
  return encodeRlp([
    asciiToBytes(SIGNING_DOMAIN[kind]),
    rlpInteger(context.chainId),
    hexToBytes(context.genesisHash),
    rlpInteger(context.epoch),
    rlpInteger(view),
    digest === null ? new Uint8Array(0) : hexToBytes(digest),
  ]);
}
