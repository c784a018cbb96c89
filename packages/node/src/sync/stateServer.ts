// Answers nodes that begin: state in chunks with proofs, blocks without execution, snail headers.
import type { Network, Refusal } from "@festina/network";
import { fail, ok, type Result } from "@festina/primitives";
import { LAST_KEY, type StateArchive, type StateChunk } from "@festina/state";
import { outlineOfEnvelope, type SnailHeader } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { SnailService } from "../snail/snailService.ts";
import { finalBlocks } from "./finalBlocks.ts";
import { BLOCKS_PER_REPLY_MAX, decodeHashes, decodeRange, encodeParts, REPLY_BYTES_MAX } from "./payloads.ts";
import {
  CHUNK_ENTRIES_MAX,
  CODES_PER_REQUEST_MAX,
  decodeAccountsRequest,
  decodeSlotsRequest,
  encodeChunks,
  encodeFinishedBlocks,
  encodeOutlines,
  encodeSnailHeaders,
  type FinishedBlock,
  OUTLINES_PER_REPLY_MAX,
  SNAIL_HEADERS_PER_REPLY_MAX,
} from "./statePayloads.ts";

export interface StateServerParts {
  readonly committed: CommittedChain;
  readonly archive: StateArchive;
  readonly snail: Pick<SnailService, "chain">;
}

type Answer = Result<Uint8Array, Refusal>;

const CODES_BYTES_MAX = 4 * 1024 * 1024;

const refuse = (code: Refusal): Answer => fail(code, code);

function serveAccounts({ archive }: StateServerParts, payload: Uint8Array): Answer {
  const request = decodeAccountsRequest(payload);
  if (!request.ok) return refuse("REQUEST_INVALID");
  const chunk = archive.accounts(request.value.root, request.value.span, CHUNK_ENTRIES_MAX);
  return chunk === undefined ? refuse("NOT_FOUND") : ok(encodeChunks([chunk]));
}

/** As many of the storages asked for as fit, in their order; the last may be cut. */
function serveSlots({ archive }: StateServerParts, payload: Uint8Array): Answer {
  const request = decodeSlotsRequest(payload);
  if (!request.ok || request.value.length === 0) return refuse("REQUEST_INVALID");
  const chunks: StateChunk[] = [];
  let room = CHUNK_ENTRIES_MAX;
  for (const { root, from } of request.value) {
    const chunk = room > 0 ? archive.slots(root, { from, to: LAST_KEY }, room) : undefined;
    if (chunk === undefined) break;
    chunks.push(chunk);
    room -= chunk.entries.length;
  }
  return chunks.length === 0 ? refuse("NOT_FOUND") : ok(encodeChunks(chunks));
}

function serveCodes({ archive }: StateServerParts, payload: Uint8Array): Answer {
  const hashes = decodeHashes(payload);
  if (!hashes.ok || hashes.value.length > CODES_PER_REQUEST_MAX) return refuse("REQUEST_INVALID");
  const codes: Uint8Array[] = [];
  let size = 0;
  for (const hash of hashes.value) {
    const code = archive.code(hash);
    size += code?.length ?? 0;
    if (code === undefined || (size > CODES_BYTES_MAX && codes.length > 0)) break;
    codes.push(code);
  }
  return codes.length === 0 ? refuse("NOT_FOUND") : ok(encodeParts(codes));
}

function serveOutlines({ committed }: StateServerParts, payload: Uint8Array): Answer {
  const range = decodeRange(payload);
  if (!range.ok || range.value.count < 1) return refuse("REQUEST_INVALID");
  const found = finalBlocks(committed, range.value, OUTLINES_PER_REPLY_MAX, outlineOfEnvelope);
  return found === null ? refuse("NOT_FOUND") : ok(encodeOutlines(found.blocks, found.certificate));
}

function serveFinishedBlocks({ committed }: StateServerParts, payload: Uint8Array): Answer {
  const range = decodeRange(payload);
  if (!range.ok) return refuse("REQUEST_INVALID");
  const { from, count } = range.value;
  const last = Math.min(from + Math.min(count, BLOCKS_PER_REPLY_MAX) - 1, committed.head.header.number);
  const blocks: FinishedBlock[] = [];
  let size = 0;
  for (let number = from; number <= last; number++) {
    const finished = committed.finished(number);
    size += finished === undefined ? 0 : finished.envelope.length + finished.outcomes.length;
    if (finished === undefined || (size > REPLY_BYTES_MAX && blocks.length > 0)) break;
    blocks.push(finished);
  }
  return blocks.length === 0 ? refuse("NOT_FOUND") : ok(encodeFinishedBlocks(blocks));
}

function serveSnailHeaders({ snail: { chain } }: StateServerParts, payload: Uint8Array): Answer {
  const range = decodeRange(payload);
  if (!range.ok) return refuse("REQUEST_INVALID");
  const { from, count } = range.value;
  const last = Math.min(from + Math.min(count, SNAIL_HEADERS_PER_REPLY_MAX) - 1, chain.head().number);
  const headers: SnailHeader[] = [];
  for (let number = from; number <= last; number++) {
    const hash = chain.canonicalHash(number);
    const header = hash === undefined ? undefined : chain.headerByHash(hash);
    if (header === undefined) break;
    headers.push(header);
  }
  return ok(encodeSnailHeaders(headers));
}

export function serveState(network: Network, parts: StateServerParts): void {
  network.onRequest("getAccounts", (_peer, payload) => serveAccounts(parts, payload));
  network.onRequest("getSlots", (_peer, payload) => serveSlots(parts, payload));
  network.onRequest("getCodes", (_peer, payload) => serveCodes(parts, payload));
  network.onRequest("getFastOutlines", (_peer, payload) => serveOutlines(parts, payload));
  network.onRequest("getFinishedBlocks", (_peer, payload) => serveFinishedBlocks(parts, payload));
  network.onRequest("getSnailHeaders", (_peer, payload) => serveSnailHeaders(parts, payload));
}
