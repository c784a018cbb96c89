import { encodeRlp, type Hash32, hexToBytes, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { type Certificate, certificateItem, encodeFruit, type Fruit, readCertificate, readFruit } from "@festina/types";
import type { SessionProof } from "../consensus/memberSessions.ts";

/** Payloads of requests and announcements: the network carries them as opaque bytes. */

export const HASHES_MAX = 2_048;
export const BLOCKS_PER_REPLY_MAX = 256;
export const REPLY_BYTES_MAX = 6 * 1024 * 1024;

export interface HeadStatus {
  readonly fastNumber: number;
  readonly snailNumber: number;
}

export function encodeStatus({ fastNumber, snailNumber }: HeadStatus): Uint8Array {
  return encodeRlp([rlpInteger(fastNumber), rlpInteger(snailNumber)]);
}

export function decodeStatus(bytes: Uint8Array): Result<HeadStatus> {
  return readRlp(bytes, "status", (reader) => ({
    fastNumber: reader.number("fastNumber"),
    snailNumber: reader.number("snailNumber"),
  }));
}

/** Keys and signatures of every suite are shorter. */
const PROOF_BYTES_MAX = 160;

export function encodeSessionProof({ publicKey, signature }: SessionProof): Uint8Array {
  return encodeRlp([publicKey, signature]);
}

export function decodeSessionProof(bytes: Uint8Array): Result<SessionProof> {
  return readRlp(bytes, "sessionProof", (reader) => ({
    publicKey: reader.bytes("publicKey", { max: PROOF_BYTES_MAX }),
    signature: reader.bytes("signature", { max: PROOF_BYTES_MAX }),
  }));
}

export function encodeHashes(hashes: readonly Hash32[]): Uint8Array {
  return encodeRlp(hashes.map(hexToBytes));
}

export function decodeHashes(bytes: Uint8Array): Result<readonly Hash32[]> {
  return readRlp(bytes, "hashes", (reader) => {
    reader.expect(reader.remaining <= HASHES_MAX, "too many hashes");
    const hashes: Hash32[] = [];
    while (reader.remaining > 0) hashes.push(reader.hash("hash"));
    return hashes;
  });
}

/** Byte strings one after the other: transactions, envelopes, snail blocks. */
export function encodeParts(parts: readonly Uint8Array[]): Uint8Array {
  return encodeRlp([...parts]);
}

export function decodeParts(bytes: Uint8Array, max: number): Result<readonly Uint8Array[]> {
  return readRlp(bytes, "parts", (reader) => {
    reader.expect(reader.remaining <= max, "too many parts");
    const parts: Uint8Array[] = [];
    while (reader.remaining > 0) parts.push(reader.bytes("part"));
    return parts;
  });
}

export interface NumberRange {
  readonly from: number;
  readonly count: number;
}

export function encodeRange({ from, count }: NumberRange): Uint8Array {
  return encodeRlp([rlpInteger(from), rlpInteger(count)]);
}

export function decodeRange(bytes: Uint8Array): Result<NumberRange> {
  return readRlp(bytes, "range", (reader) => ({ from: reader.number("from"), count: reader.number("count") }));
}

/** Final blocks in a row, and the COMMITTED certificate of the last of them. */
export interface FastBlocksReply {
  readonly envelopes: readonly Uint8Array[];
  readonly certificate: Certificate;
}

export function encodeFastBlocks({ envelopes, certificate }: FastBlocksReply): Uint8Array {
  return encodeRlp([[...envelopes], certificateItem(certificate)]);
}

export function decodeFastBlocks(bytes: Uint8Array): Result<FastBlocksReply> {
  return readRlp(bytes, "fastBlocks", (reader) => ({
    envelopes: reader.many("envelopes", BLOCKS_PER_REPLY_MAX, (list) => list.bytes("envelope")),
    certificate: reader.list("certificate", readCertificate),
  }));
}

export interface ViewRequest {
  readonly epoch: number;
  readonly view: number;
}

export function encodeViewRequest({ epoch, view }: ViewRequest): Uint8Array {
  return encodeRlp([rlpInteger(epoch), rlpInteger(view)]);
}

export function decodeViewRequest(bytes: Uint8Array): Result<ViewRequest> {
  return readRlp(bytes, "viewRequest", (reader) => ({ epoch: reader.number("epoch"), view: reader.number("view") }));
}

export function encodeCertificates(certificates: readonly Certificate[]): Uint8Array {
  return encodeRlp(certificates.map(certificateItem));
}

export function decodeCertificates(bytes: Uint8Array): Result<readonly Certificate[]> {
  return readRlp(bytes, "certificates", (reader) => {
    reader.expect(reader.remaining <= 4, "too many certificates");
    const certificates: Certificate[] = [];
    while (reader.remaining > 0) certificates.push(reader.list("certificate", readCertificate));
    return certificates;
  });
}

export function encodeFruits(fruits: readonly Fruit[]): Uint8Array {
  return encodeParts(fruits.map(encodeFruit));
}

export function decodeFruits(bytes: Uint8Array): Result<readonly Fruit[]> {
  const parts = decodeParts(bytes, HASHES_MAX);
  if (!parts.ok) return parts;
  const fruits: Fruit[] = [];
  for (const part of parts.value) {
    const fruit = readRlp(part, "fruit", readFruit);
    if (!fruit.ok) return fruit;
    fruits.push(fruit.value);
  }
  return { ok: true, value: fruits };
}

/** A snail block by its hash, or a run of the best chain by number. */
export type SnailBlocksRequest =
  | { readonly kind: "hash"; readonly hash: Hash32 }
  | ({ readonly kind: "range" } & NumberRange);

export function encodeSnailBlocksRequest(request: SnailBlocksRequest): Uint8Array {
  if (request.kind === "hash") return encodeRlp([hexToBytes(request.hash)]);
  return encodeRlp([rlpInteger(request.from), rlpInteger(request.count)]);
}

export function decodeSnailBlocksRequest(bytes: Uint8Array): Result<SnailBlocksRequest> {
  return readRlp(bytes, "snailBlocksRequest", (reader): SnailBlocksRequest => {
    if (reader.remaining === 1) return { kind: "hash", hash: reader.hash("hash") };
    return { kind: "range", from: reader.number("from"), count: reader.number("count") };
  });
}
