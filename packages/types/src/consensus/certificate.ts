import { keccakHash } from "@festina/crypto";
import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
  ZERO_HASH,
} from "@festina/primitives";
import { COMMITTEE_MEMBERS_MAX } from "./committee.ts";

/** Votes that a quorum of seats gave in one view. PREPARE makes PREPARED, COMMIT makes COMMITTED, VIEW-CHANGE makes SKIPPED. */
export const CERTIFICATE_KINDS = ["prepared", "committed", "skipped"] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

export interface Certificate {
  readonly kind: CertificateKind;
  readonly epoch: number;
  readonly view: number;
  /** Hash of the block; `ZERO_HASH` for SKIPPED, which names no block. */
  readonly blockHash: Hash32;
  /** One bit per committee member, member 0 lowest bit of byte 0; trailing zero bytes are not legal. */
  readonly signers: Uint8Array;
  /** Aggregate (or concatenation, as the suite has it) of the signers' votes, in member order. */
  readonly signature: Uint8Array;
}

const SIGNATURE_BYTES_MAX = 65 * COMMITTEE_MEMBERS_MAX;

export function certificateItem(certificate: Certificate): RlpItem {
  return [
    rlpInteger(CERTIFICATE_KINDS.indexOf(certificate.kind)),
    rlpInteger(certificate.epoch),
    rlpInteger(certificate.view),
    hexToBytes(certificate.blockHash),
    certificate.signers,
    certificate.signature,
  ];
}

export function encodeCertificate(certificate: Certificate): Uint8Array {
  return encodeRlp(certificateItem(certificate));
}

export function readCertificate(reader: RlpReader): Certificate {
  const kind = CERTIFICATE_KINDS[reader.number("kind")];
  reader.expect(kind !== undefined, "unknown kind");
  const certificate = {
    kind: kind as CertificateKind,
    epoch: reader.number("epoch"),
    view: reader.number("view"),
    blockHash: reader.hash("blockHash"),
    signers: reader.bytes("signers", { max: COMMITTEE_MEMBERS_MAX / 8 }),
    signature: reader.bytes("signature", { max: SIGNATURE_BYTES_MAX }),
  };
  reader.expect(certificate.signers.length > 0 && certificate.signers.at(-1) !== 0, "signers are not canonical");
  reader.expect((kind === "skipped") === (certificate.blockHash === ZERO_HASH), "only SKIPPED names no block");
  return certificate;
}

export function decodeCertificate(bytes: Uint8Array): Result<Certificate, "DECODE_INVALID"> {
  return readRlp(bytes, "certificate", readCertificate);
}

/** What a snail block seals, so that its work covers the certificate it carries. */
export function certificateHash(certificate: Certificate): Hash32 {
  return keccakHash(encodeCertificate(certificate));
}

/** Member indexes in ascending order. */
export function signerIndexes(signers: Uint8Array): readonly number[] {
  const indexes: number[] = [];
  signers.forEach((byte, position) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) indexes.push(position * 8 + bit);
  });
  return indexes;
}

export function signersBitmap(indexes: readonly number[]): Uint8Array {
  const highest = Math.max(...indexes);
  const bitmap = new Uint8Array((highest >> 3) + 1);
  for (const index of indexes) bitmap[index >> 3] = (bitmap[index >> 3] as number) | (1 << (index & 7));
  return bitmap;
}
