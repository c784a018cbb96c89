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

/** A view has four kinds of message and seldom more than two digests; a member works in few views at once. */
const REMEMBERED_MAX = 256;

/** A quorum of votes is one message signed by many: its bytes are asked for once per voter. */
const remembered = new WeakMap<SigningContext, Map<string, Uint8Array>>();

/** The bytes that are signed: rlp([domain, chainId, genesisHash, epoch, view, digest]). Without a digest: empty bytes. Not to be written to. */
export function signingMessage(
  context: SigningContext,
  kind: SignedKind,
  view: number,
  digest: Hash32 | null,
): Uint8Array {
  let known = remembered.get(context);
  if (known === undefined) {
    known = new Map();
    remembered.set(context, known);
  }
  const key = `${kind} ${view} ${digest}`;
  let message = known.get(key);
  if (message === undefined) {
    message = encodeMessage(context, kind, view, digest);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, message);
  }
  return message;
}

function encodeMessage(context: SigningContext, kind: SignedKind, view: number, digest: Hash32 | null): Uint8Array {
  return encodeRlp([
    asciiToBytes(SIGNING_DOMAIN[kind]),
    rlpInteger(context.chainId),
    hexToBytes(context.genesisHash),
    rlpInteger(context.epoch),
    rlpInteger(view),
    digest === null ? new Uint8Array(0) : hexToBytes(digest),
  ]);
}
