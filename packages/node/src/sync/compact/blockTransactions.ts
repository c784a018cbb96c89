// Asking for transactions of a proposed block by their places, and answering.
import { type NodeId, type Refusal, TokenBucket } from "@festina/network";
import { encodeRlp, fail, type Hash32, hexToBytes, ok, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { type FastBlock, TRANSACTIONS_MAX } from "@festina/types";
import { encodeParts } from "../payloads.ts";

export interface TransactionsRequest {
  readonly blockHash: Hash32;
  /** Ascending. */
  readonly places: readonly number[];
}

export function encodeTransactionsRequest({ blockHash, places }: TransactionsRequest): Uint8Array {
  return encodeRlp([hexToBytes(blockHash), places.map(rlpInteger)]);
}

export function decodeTransactionsRequest(bytes: Uint8Array): Result<TransactionsRequest> {
  return readRlp(bytes, "transactionsRequest", (reader) => {
    const blockHash = reader.hash("blockHash");
    const places = reader.many("places", TRANSACTIONS_MAX, (list) => list.number("place"));
    reader.expect(places.length > 0, "nothing is asked for");
    reader.expect(
      places.every((place, at) => place > (places[at - 1] ?? -1)),
      "places are not ascending",
    );
    return { blockHash, places };
  });
}

/** What one peer is given: a full block at once and two a second, since it is asked for what proposals lack, not for blocks. */
const BYTES_BURST = 16 * 1024 * 1024;
const BYTES_PER_SECOND = 8 * 1024 * 1024;
/** Of every answer, so that empty ones are not free. */
const ANSWER_BYTES = 1_024;

/** Answers `getBlockTransactions`. */
export class BlockTransactionsServer {
  readonly #block: (hash: Hash32) => FastBlock | undefined;
  readonly #nowMs: () => number;
  readonly #allowances = new Map<NodeId, TokenBucket>();

  constructor(block: (hash: Hash32) => FastBlock | undefined, nowMs: () => number) {
    this.#block = block;
    this.#nowMs = nowMs;
  }

  onGone(peer: NodeId): void {
    this.#allowances.delete(peer);
  }

  serve(peer: NodeId, payload: Uint8Array): Result<Uint8Array, Refusal> {
    const refuse = (code: Refusal) => fail(code, code);
    const request = decodeTransactionsRequest(payload);
    if (!request.ok) return refuse("REQUEST_INVALID");
    const { blockHash, places } = request.value;
    const nowMs = this.#nowMs();
    const allowance = this.#allowances.get(peer) ?? new TokenBucket(BYTES_PER_SECOND, BYTES_BURST, nowMs);
    this.#allowances.set(peer, allowance);
    if (!allowance.take(ANSWER_BYTES, nowMs)) return refuse("BUSY");
    const block = this.#block(blockHash);
    if (block === undefined) return refuse("NOT_FOUND");
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for (const place of places) {
      const encoded = block.transactions[place]?.encoded;
      if (encoded === undefined) return refuse("REQUEST_INVALID");
      parts.push(encoded);
      bytes += encoded.length;
    }
    return allowance.take(bytes, nowMs) ? ok(encodeParts(parts)) : refuse("BUSY");
  }
}
