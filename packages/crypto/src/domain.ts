import { asciiToBytes, encodeRlp, equalBytes, type Hash32, hexToBytes, rlpInteger } from "@festina/primitives";

/**
 * What every consensus signature covers besides its content, so that no signature means anything elsewhere: another
 * chain, another epoch, another kind of message (flaw 27 of the original: votes replayed across chains).
 */
export interface SigningContext {
  readonly chainId: bigint;
  readonly genesisHash: Hash32;
  readonly epoch: number;
}

/** One tag per kind of signed message; unique but for PRE-PREPARE, which a leader signs as its PREPARE of the block. */
export const SIGNING_DOMAIN = {
  prePrepare: "festina/prepare/1",
  prepare: "festina/prepare/1",
  commit: "festina/commit/1",
  viewChange: "festina/view-change/1",
  beaconReveal: "festina/beacon-reveal/1",
  session: "festina/session/1",
} as const;

export type SignedKind = keyof typeof SIGNING_DOMAIN;

/** A member works in few views at once, each with five kinds of message and seldom more than two digests. */
const REMEMBERED_VIEWS_MAX = 64;
const REMEMBERED_MESSAGES_MAX = 32;

interface RememberedMessage {
  readonly kind: SignedKind;
  readonly digest: Hash32 | null;
  readonly bytes: Uint8Array;
}

/** A quorum of votes is one message signed by many: its bytes are asked for once per voter. */
const remembered = new WeakMap<SigningContext, Map<number, RememberedMessage[]>>();

/** The bytes that are signed: rlp([domain, chainId, genesisHash, epoch, view, digest]). Without a digest: empty bytes. Not to be written to. */
export function signingMessage(
  context: SigningContext,
  kind: SignedKind,
  view: number,
  digest: Hash32 | null,
): Uint8Array {
  const messages = rememberedOf(context, view);
  for (const message of messages) if (message.kind === kind && message.digest === digest) return message.bytes;
  const bytes = encodeMessage(context, kind, view, digest);
  if (messages.length >= REMEMBERED_MESSAGES_MAX) messages.length = 0;
  messages.push({ kind, digest, bytes });
  return bytes;
}

function rememberedOf(context: SigningContext, view: number): RememberedMessage[] {
  let views = remembered.get(context);
  if (views === undefined) {
    views = new Map();
    remembered.set(context, views);
  }
  let messages = views.get(view);
  if (messages === undefined) {
    messages = [];
    if (views.size >= REMEMBERED_VIEWS_MAX) views.clear();
    views.set(view, messages);
  }
  return messages;
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

const PREPARE_ITEM = encodeRlp(asciiToBytes(SIGNING_DOMAIN.prepare));
/** RLP: a list of up to 55 bytes has one byte before its items, a longer one as many more as its length needs. */
const SHORT_LIST = { min: 0xc0, max: 0xf7 };

/** Whether these bytes are what a PREPARE, or a PRE-PREPARE, signs: its domain is the first item of the list. */
export function isPrepareMessage(message: Uint8Array): boolean {
  const prefix = message[0] ?? 0;
  if (prefix < SHORT_LIST.min) return false;
  const from = prefix > SHORT_LIST.max ? 1 + prefix - SHORT_LIST.max : 1;
  return equalBytes(message.subarray(from, from + PREPARE_ITEM.length), PREPARE_ITEM);
}
