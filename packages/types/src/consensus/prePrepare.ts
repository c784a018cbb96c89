import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import { type Certificate, certificateItem, readCertificate } from "./certificate.ts";

/**
 * The leader's proposal for a view. It stands on a certified parent and shows that every view between was skipped, so
 * that a view change needs no payload of its own (DESIGN.md 3, rule S4).
 */
export interface PrePrepare {
  readonly epoch: number;
  readonly view: number;
  readonly blockHash: Hash32;
  /** Height of the proposed block. */
  readonly height: number;
  readonly parentHash: Hash32;
  /** View in which the parent was certified; 0 when the parent is the epoch's base block. */
  readonly parentView: number;
  /** PREPARED or COMMITTED of the parent; `null` when the parent is the epoch's base block. */
  readonly parentCertificate: Certificate | null;
  /** SKIPPED for every view between `parentView` and `view`, ascending. */
  readonly skips: readonly Certificate[];
  /** The leader's beacon reveal for (epoch, view): a signature by its registered BLS key. */
  readonly reveal: Uint8Array;
  /** The block's envelope, see `fastBlock.ts`. */
  readonly envelope: Uint8Array;
  /** The leader's signature over (epoch, view, blockHash). */
  readonly signature: Uint8Array;
}

/** A leader this many views behind its parent has other troubles; bounds message size and work. */
export const SKIPS_MAX = 256;
export const ENVELOPE_BYTES_MAX = 8 * 1024 * 1024;

export function prePrepareItem(message: PrePrepare): RlpItem {
  return [
    rlpInteger(message.epoch),
    rlpInteger(message.view),
    hexToBytes(message.blockHash),
    rlpInteger(message.height),
    hexToBytes(message.parentHash),
    rlpInteger(message.parentView),
    message.parentCertificate === null ? [] : [certificateItem(message.parentCertificate)],
    message.skips.map(certificateItem),
    message.reveal,
    message.envelope,
    message.signature,
  ];
}

export function encodePrePrepare(message: PrePrepare): Uint8Array {
  return encodeRlp(prePrepareItem(message));
}

export function readPrePrepare(reader: RlpReader): PrePrepare {
  return {
    epoch: reader.number("epoch"),
    view: reader.number("view"),
    blockHash: reader.hash("blockHash"),
    height: reader.number("height"),
    parentHash: reader.hash("parentHash"),
    parentView: reader.number("parentView"),
    parentCertificate:
      reader.many("parentCertificate", 1, (list) => list.list("certificate", readCertificate))[0] ?? null,
    skips: reader.many("skips", SKIPS_MAX, (list) => list.list("certificate", readCertificate)),
    reveal: reader.bytes("reveal", { max: 96 }),
    envelope: reader.bytes("envelope", { max: ENVELOPE_BYTES_MAX }),
    signature: reader.bytes("signature", { max: 128 }),
  };
}

export function decodePrePrepare(bytes: Uint8Array): Result<PrePrepare, "DECODE_INVALID"> {
  return readRlp(bytes, "prePrepare", readPrePrepare);
}
