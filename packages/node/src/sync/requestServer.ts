import type { Network, NodeId, Refusal } from "@festina/network";
import { fail, ok, type Result } from "@festina/primitives";
import type { StateArchive } from "@festina/state";
import { encodeFastBlock, encodeSnailBlock, type RecoveredTransaction } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";
import type { ConsensusRunner } from "../consensus/consensusRunner.ts";
import type { TransactionService } from "../pool/transactionService.ts";
import type { SnailService } from "../snail/snailService.ts";
import type { CompactProposals } from "./compact/compactProposals.ts";
import { finalBlocks } from "./finalBlocks.ts";
import {
  BLOCKS_PER_REPLY_MAX,
  decodeHashes,
  decodeRange,
  decodeSnailBlocksRequest,
  decodeViewRequest,
  encodeCertificates,
  encodeFastBlocks,
  encodeFruits,
  encodeParts,
  REPLY_BYTES_MAX,
} from "./payloads.ts";
import { serveState } from "./stateServer.ts";

export interface ServedParts {
  readonly chain: FastChain;
  readonly consensus: ConsensusRunner;
  readonly snail: SnailService;
  readonly transactions: TransactionService;
  readonly archive: StateArchive;
  readonly proposals: CompactProposals;
}

type Answer = Result<Uint8Array, Refusal>;

const TRANSACTIONS_BYTES_MAX = 1024 * 1024;

const refuse = (code: Refusal): Answer => fail(code, code);

function serveFastBlocks({ chain }: ServedParts, payload: Uint8Array): Answer {
  const range = decodeRange(payload);
  if (!range.ok || range.value.count < 1) return refuse("REQUEST_INVALID");
  const found = finalBlocks(chain.committed, range.value, BLOCKS_PER_REPLY_MAX, (envelope) => envelope);
  return found === null
    ? refuse("NOT_FOUND")
    : ok(encodeFastBlocks({ envelopes: found.blocks, certificate: found.certificate }));
}

function serveBlockByHash({ chain }: ServedParts, payload: Uint8Array): Answer {
  const hashes = decodeHashes(payload);
  const hash = hashes.ok ? hashes.value[0] : undefined;
  if (hash === undefined) return refuse("REQUEST_INVALID");
  const pending = chain.pending.block(hash);
  if (pending !== undefined) return ok(encodeFastBlock(pending));
  const number = chain.committed.numberOf(hash);
  const envelope = number === undefined ? undefined : chain.committed.envelope(number);
  return envelope === undefined ? refuse("NOT_FOUND") : ok(envelope);
}

function serveSnailBlocks({ snail }: ServedParts, payload: Uint8Array): Answer {
  const request = decodeSnailBlocksRequest(payload);
  if (!request.ok) return refuse("REQUEST_INVALID");
  const { chain } = snail;
  const parts: Uint8Array[] = [];
  if (request.value.kind === "hash") {
    const entry = chain.entryByHash(request.value.hash);
    return entry === undefined ? refuse("NOT_FOUND") : ok(encodeParts([encodeSnailBlock(entry.block)]));
  }
  let size = 0;
  const last = Math.min(
    request.value.from + Math.min(request.value.count, BLOCKS_PER_REPLY_MAX) - 1,
    chain.head().number,
  );
  for (let number = request.value.from; number <= last && size < REPLY_BYTES_MAX; number++) {
    const hash = chain.canonicalHash(number);
    const entry = hash === undefined ? undefined : chain.entryByHash(hash);
    if (entry === undefined) break;
    const encoded = encodeSnailBlock(entry.block);
    size += encoded.length;
    parts.push(encoded);
  }
  return ok(encodeParts(parts));
}

function serveTransactions({ transactions, proposals }: ServedParts, peer: NodeId, payload: Uint8Array): Answer {
  const hashes = decodeHashes(payload);
  if (!hashes.ok) return refuse("REQUEST_INVALID");
  const held = hashes.value
    .map((hash) => transactions.pool.get(hash))
    .filter((item): item is RecoveredTransaction => item !== undefined);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const { encoded, hash } of held) {
    size += encoded.length;
    if (size > TRANSACTIONS_BYTES_MAX) break;
    parts.push(encoded);
    proposals.held.add(peer, hash);
  }
  return ok(encodeParts(parts));
}

function serveFruits({ snail }: ServedParts, payload: Uint8Array): Answer {
  const hashes = decodeHashes(payload);
  if (!hashes.ok) return refuse("REQUEST_INVALID");
  const fruits = hashes.value.map((hash) => snail.pool.get(hash)).filter((fruit) => fruit !== undefined);
  return ok(encodeFruits(fruits.slice(0, 1_024)));
}

function serveCertificates({ consensus }: ServedParts, payload: Uint8Array): Answer {
  const request = decodeViewRequest(payload);
  if (!request.ok) return refuse("REQUEST_INVALID");
  return ok(encodeCertificates(consensus.certificates(request.value.epoch, request.value.view)));
}

/** Answers what peers ask for. Every answer is bounded before it is made. */
export function serveRequests(network: Network, parts: ServedParts): void {
  network.onRequest("getFastBlocks", (_peer, payload) => serveFastBlocks(parts, payload));
  network.onRequest("getBlockByHash", (_peer, payload) => serveBlockByHash(parts, payload));
  network.onRequest("getBlockTransactions", (peer, payload) => parts.proposals.server.serve(peer, payload));
  network.onRequest("getCertificate", (_peer, payload) => serveCertificates(parts, payload));
  network.onRequest("getSnailBlocks", (_peer, payload) => serveSnailBlocks(parts, payload));
  network.onRequest("getTransactions", (peer, payload) => serveTransactions(parts, peer, payload));
  network.onRequest("getFruits", (_peer, payload) => serveFruits(parts, payload));
  serveState(network, { committed: parts.chain.committed, archive: parts.archive, snail: parts.snail });
}
