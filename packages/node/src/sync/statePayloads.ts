// Payloads of the requests by which a node that begins fetches a state and the blocks it does not execute.
import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
} from "@festina/primitives";
import type { KeySpan, StateChunk } from "@festina/state";
import {
  type Certificate,
  certificateItem,
  decodeFastOutline,
  decodeSnailHeader,
  encodeSnailHeader,
  type FastOutline,
  readCertificate,
  type SnailHeader,
} from "@festina/types";

/** Entries of one chunk: some 500 kB of accounts, and a few milliseconds to verify. */
export const CHUNK_ENTRIES_MAX = 2_048;
/** Storages asked for at once: most contracts have few slots. */
export const STORAGES_PER_REQUEST_MAX = 64;
export const CODES_PER_REQUEST_MAX = 64;
export const OUTLINES_PER_REPLY_MAX = 1_024;
export const SNAIL_HEADERS_PER_REPLY_MAX = 2_048;
const CHUNK_PROOF_NODES_MAX = 130;
const KEY_BYTES = 32;

export interface AccountsRequest {
  readonly root: Hash32;
  readonly span: KeySpan;
}

/** One storage from a key on. */
export interface SlotsRequest {
  readonly root: Hash32;
  readonly from: Uint8Array;
}

const readKey = (reader: RlpReader, field: string): Uint8Array => reader.bytes(field, { exact: KEY_BYTES });

export function encodeAccountsRequest({ root, span }: AccountsRequest): Uint8Array {
  return encodeRlp([hexToBytes(root), span.from, span.to]);
}

export function decodeAccountsRequest(bytes: Uint8Array): Result<AccountsRequest> {
  return readRlp(bytes, "getAccounts", (reader) => ({
    root: reader.hash("root"),
    span: { from: readKey(reader, "from"), to: readKey(reader, "to") },
  }));
}

export function encodeSlotsRequest(wanted: readonly SlotsRequest[]): Uint8Array {
  return encodeRlp(wanted.map(({ root, from }) => [hexToBytes(root), from]));
}

export function decodeSlotsRequest(bytes: Uint8Array): Result<readonly SlotsRequest[]> {
  return readRlp(bytes, "getSlots", (reader) => {
    reader.expect(reader.remaining <= STORAGES_PER_REQUEST_MAX, "too many storages");
    const wanted: SlotsRequest[] = [];
    while (reader.remaining > 0)
      wanted.push(reader.list("storage", (list) => ({ root: list.hash("root"), from: readKey(list, "from") })));
    return wanted;
  });
}

function chunkItem({ entries, isLast, proof }: StateChunk): RlpItem {
  return [entries.map(({ name, value }) => [name, value]), Uint8Array.of(isLast ? 1 : 0), [...proof]];
}

function readChunk(reader: RlpReader): StateChunk {
  return {
    entries: reader.many("entries", CHUNK_ENTRIES_MAX, (list) =>
      list.list("entry", (entry) => ({
        name: entry.bytes("name", { max: KEY_BYTES }),
        value: entry.bytes("value", { max: 128 }),
      })),
    ),
    isLast: reader.bytes("isLast", { exact: 1 })[0] === 1,
    proof: reader.many("proof", CHUNK_PROOF_NODES_MAX, (list) => list.bytes("node", { max: 1_024 })),
  };
}

export function encodeChunks(chunks: readonly StateChunk[]): Uint8Array {
  return encodeRlp(chunks.map(chunkItem));
}

export function decodeChunks(bytes: Uint8Array, max: number): Result<readonly StateChunk[]> {
  return readRlp(bytes, "chunks", (reader) => {
    reader.expect(reader.remaining <= max, "too many chunks");
    const chunks: StateChunk[] = [];
    while (reader.remaining > 0) chunks.push(reader.list("chunk", readChunk));
    return chunks;
  });
}

/** Final blocks in a row without their transactions, and the COMMITTED certificate of the last of them. */
export interface OutlinesReply {
  readonly outlines: readonly FastOutline[];
  readonly certificate: Certificate;
}

export function encodeOutlines(outlines: readonly Uint8Array[], certificate: Certificate): Uint8Array {
  return encodeRlp([[...outlines], certificateItem(certificate)]);
}

export function decodeOutlines(bytes: Uint8Array): Result<OutlinesReply> {
  const raw = readRlp(bytes, "fastOutlines", (reader) => ({
    outlines: reader.many("outlines", OUTLINES_PER_REPLY_MAX, (list) => list.bytes("outline")),
    certificate: reader.list("certificate", readCertificate),
  }));
  if (!raw.ok) return raw;
  const outlines: FastOutline[] = [];
  for (const encoded of raw.value.outlines) {
    const outline = decodeFastOutline(encoded);
    if (!outline.ok) return outline;
    outlines.push(outline.value);
  }
  return ok({ outlines, certificate: raw.value.certificate });
}

export function encodeSnailHeaders(headers: readonly SnailHeader[]): Uint8Array {
  return encodeRlp(headers.map(encodeSnailHeader));
}

export function decodeSnailHeaders(bytes: Uint8Array): Result<readonly SnailHeader[]> {
  const raw = readRlp(bytes, "snailHeaders", (reader) => {
    reader.expect(reader.remaining <= SNAIL_HEADERS_PER_REPLY_MAX, "too many headers");
    const parts: Uint8Array[] = [];
    while (reader.remaining > 0) parts.push(reader.bytes("header"));
    return parts;
  });
  if (!raw.ok) return raw;
  const headers: SnailHeader[] = [];
  for (const part of raw.value) {
    const header = decodeSnailHeader(part);
    if (!header.ok) return header;
    headers.push(header.value);
  }
  return ok(headers);
}

/** A final block with what executing it came to. */
export interface FinishedBlock {
  readonly envelope: Uint8Array;
  readonly outcomes: Uint8Array;
}

export function encodeFinishedBlocks(blocks: readonly FinishedBlock[]): Uint8Array {
  return encodeRlp(blocks.map(({ envelope, outcomes }) => [envelope, outcomes]));
}

export function decodeFinishedBlocks(bytes: Uint8Array, max: number): Result<readonly FinishedBlock[]> {
  return readRlp(bytes, "finishedBlocks", (reader) => {
    reader.expect(reader.remaining <= max, "too many blocks");
    const blocks: FinishedBlock[] = [];
    while (reader.remaining > 0)
      blocks.push(
        reader.list("block", (list) => ({ envelope: list.bytes("envelope"), outcomes: list.bytes("outcomes") })),
      );
    return blocks;
  });
}
