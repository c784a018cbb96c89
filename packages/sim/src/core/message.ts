// What members of the core level send each other. Messages travel as values; only one that is damaged on its way is
// written out, hit, and read again by the production decoders.

import type { Hash32 } from "@festina/primitives";
import {
  CERTIFICATE_KINDS,
  type Certificate,
  decodeCertificate,
  decodePrePrepare,
  decodeVote,
  encodeCertificate,
  encodePrePrepare,
  encodeVote,
  type PrePrepare,
  VOTE_KINDS,
  type Vote,
} from "@festina/types";
import type { Dice } from "../world/streams.ts";

export interface ChainPart {
  readonly envelope: Uint8Array;
  /** COMMITTED of this very block, where there is one. */
  readonly certificate: Certificate | null;
}

export type CoreMessage =
  | { readonly kind: "prePrepare"; readonly message: PrePrepare }
  | { readonly kind: "vote"; readonly vote: Vote }
  | { readonly kind: "certificate"; readonly certificate: Certificate }
  | { readonly kind: "status"; readonly height: number }
  | { readonly kind: "askBlock"; readonly hash: Hash32 }
  | { readonly kind: "block"; readonly envelope: Uint8Array }
  | { readonly kind: "askCertificates"; readonly epoch: number; readonly fromView: number; readonly toView: number }
  | { readonly kind: "askChain"; readonly fromHeight: number }
  | { readonly kind: "chain"; readonly fromHeight: number; readonly parts: readonly ChainPart[] };

const SMALL_BYTES = 64;
const VOTE_BYTES = 180;
const CERTIFICATE_BYTES = 200;
const PROPOSAL_BYTES = 700;

/** About what it would take on the wire. */
export function sizeOfMessage(message: CoreMessage): number {
  switch (message.kind) {
    case "prePrepare":
      return PROPOSAL_BYTES + message.message.skips.length * CERTIFICATE_BYTES;
    case "vote":
      return VOTE_BYTES;
    case "certificate":
      return CERTIFICATE_BYTES;
    case "block":
      return message.envelope.length;
    case "chain":
      return message.parts.length * (CERTIFICATE_BYTES + VOTE_BYTES);
    default:
      return SMALL_BYTES;
  }
}

function hit(bytes: Uint8Array, dice: Dice): Uint8Array {
  const damaged = bytes.slice();
  const at = dice.below(damaged.length);
  damaged[at] = (damaged[at] as number) ^ (1 << dice.below(8));
  return damaged;
}

/** As its receiver would read it, or `null`. */
export function corruptMessage(message: CoreMessage, dice: Dice): CoreMessage | null {
  switch (message.kind) {
    case "prePrepare": {
      const read = decodePrePrepare(hit(encodePrePrepare(message.message), dice));
      return read.ok ? { kind: "prePrepare", message: read.value } : null;
    }
    case "vote": {
      const read = decodeVote(hit(encodeVote(message.vote), dice));
      return read.ok ? { kind: "vote", vote: read.value } : null;
    }
    case "certificate": {
      const read = decodeCertificate(hit(encodeCertificate(message.certificate), dice));
      return read.ok ? { kind: "certificate", certificate: read.value } : null;
    }
    case "block":
      return { ...message, envelope: hit(message.envelope, dice) };
    default:
      return null;
  }
}

/** A number that tells messages of one sender and receiver apart, for digests. */
export function summarizeMessage(message: CoreMessage): number {
  switch (message.kind) {
    case "prePrepare":
      return 0x1000 + message.message.view;
    case "vote":
      return 0x20000 + message.vote.view * 64 + message.vote.member * 4 + VOTE_KINDS.indexOf(message.vote.kind);
    case "certificate":
      return 0x40000000 + message.certificate.view * 4 + CERTIFICATE_KINDS.indexOf(message.certificate.kind);
    default:
      return message.kind.length;
  }
}

/** Long enough to tell the blocks of a run apart. */
export const nameOfBlock = (hash: Hash32): string => hash.slice(2, 8);

/** A few words per message, for traces. */
export function describeMessage(message: CoreMessage): string {
  switch (message.kind) {
    case "prePrepare":
      return `PRE-PREPARE ${message.message.view} ${nameOfBlock(message.message.blockHash)}`;
    case "vote":
      return `${message.vote.kind} ${message.vote.view} ${nameOfBlock(message.vote.blockHash)} by ${message.vote.member}`;
    case "certificate":
      return `${message.certificate.kind} ${message.certificate.view} ${nameOfBlock(message.certificate.blockHash)}`;
    default:
      return message.kind;
  }
}
