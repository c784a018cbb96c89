import { EMPTY_BYTES, encodeRlp, fail, type Hash32, ok, type Result, type RlpItem, readRlp } from "@festina/primitives";
import { decodeTransaction } from "../transaction/decodeTransaction.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { type FastHeader, fastHeaderItem, hashFastHeader, readFastHeader } from "./fastHeader.ts";
import { decodeHybridRequests, encodeHybridRequests, type HybridRequests } from "./hybridRequests.ts";

/** A block of the fast chain: an Ethereum block, and the requests that its header commits to. */
export interface FastBlock {
  readonly header: FastHeader;
  readonly hash: Hash32;
  readonly transactions: readonly Transaction[];
  readonly requests: HybridRequests;
}

/** Far above what gas allows (21,000 each); bounds decoding. */
export const TRANSACTIONS_MAX = 20_000;
export const REQUESTS_MAX = 16;

/** Legacy transactions stand in a block as lists, typed ones as byte strings (EIP-2718). */
function ethereumBlockItem(block: FastBlock, legacyItem: (encoded: Uint8Array) => RlpItem): RlpItem {
  const transactions = block.transactions.map((tx) => (tx.type === 0 ? legacyItem(tx.encoded) : tx.encoded));
  return [fastHeaderItem(block.header), transactions, [], []];
}

/** What an Ethereum tool decodes: rlp([header, transactions, ommers, withdrawals]). */
export function encodeEthereumBlock(block: FastBlock): Uint8Array {
  return encodeRlp(ethereumBlockItem(block, rawList));
}

/** A block is measured, kept as a ground for a signature, stored and given to peers: encoded once for all of that. */
const encodedBlocks = new WeakMap<FastBlock, Uint8Array>();
/** The other way, for `blockOfEnvelope`. */
const blocksByEncoding = new WeakMap<Uint8Array, FastBlock>();

/** How a block travels and is stored: [header, transactions as byte strings, requests]. Not to be written to. */
export function encodeFastBlock(block: FastBlock): Uint8Array {
  let encoded = encodedBlocks.get(block);
  if (encoded === undefined) {
    encoded = encodeRlp([
      fastHeaderItem(block.header),
      block.transactions.map((tx) => tx.encoded),
      [...encodeHybridRequests(block.requests)],
    ]);
    encodedBlocks.set(block, encoded);
    blocksByEncoding.set(encoded, block);
  }
  return encoded;
}

function rawList(encoded: Uint8Array): RlpItem {
  const decoded = readRlp(encoded, "transaction", (reader) => {
    const items: RlpItem[] = [];
    while (reader.remaining > 0) items.push(reader.item("field"));
    return items;
  });
  return decoded.ok ? decoded.value : EMPTY_BYTES;
}

export type FastBlockDecodeCode = "BLOCK_MALFORMED";

/** Decodes and hashes; does not check the header's commitments (`verifyFastBlock` does) nor signatures. */
export function decodeFastBlock(bytes: Uint8Array): Result<FastBlock, FastBlockDecodeCode> {
  const parts = readRlp(bytes, "fastBlock", (reader) => ({
    header: reader.list("header", readFastHeader),
    transactions: reader.many("transactions", TRANSACTIONS_MAX, (list) => list.bytes("transaction")),
    requests: reader.many("requests", REQUESTS_MAX, (list) => list.bytes("request")),
  }));
  if (!parts.ok) return fail("BLOCK_MALFORMED", parts.error.message);
  const transactions: Transaction[] = [];
  for (const [index, encoded] of parts.value.transactions.entries()) {
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) return fail("BLOCK_MALFORMED", `transaction ${index}: ${decoded.error.message}`);
    transactions.push(decoded.value);
  }
  const requests = decodeHybridRequests(parts.value.requests);
  if (!requests.ok) return fail("BLOCK_MALFORMED", requests.error.message);
  const { header } = parts.value;
  return ok({ header, hash: hashFastHeader(header), transactions, requests: requests.value });
}

/** The same for bytes that `encodeFastBlock` may have given: then nothing has to be decoded and hashed. */
export function blockOfEnvelope(bytes: Uint8Array): Result<FastBlock, FastBlockDecodeCode> {
  const known = blocksByEncoding.get(bytes);
  return known === undefined ? decodeFastBlock(bytes) : ok(known);
}
