import { parseHashParam, parseQuantity } from "../jsonRpc/params.ts";
import { invalidParams, notFound } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, CallPlace, RpcBackend } from "../ports.ts";

/** Of 32 bytes in hex. */
const HASH_LENGTH = 66;

/**
 * The height a block parameter names. Every block of the fast chain that the RPC shows is COMMITTED, so `latest`,
 * `safe` and `finalized` are one honest answer; `anchored` (ours) is the newest block that the snail chain has buried.
 */
export function resolveBlockNumber(backend: RpcBackend, tag: unknown, name = "block"): number {
  const { chain } = backend;
  if (tag === undefined || tag === null) return chain.head();
  if (typeof tag === "object") return resolveReference(backend, tag as Record<string, unknown>, name);
  switch (tag) {
    case "latest":
    case "safe":
    case "finalized":
    case "pending":
      return chain.head();
    case "earliest":
      return 0;
    case "anchored":
      return chain.anchored();
  }
  const number = parseQuantity(tag, name);
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidParams(`${name}: too large`);
  return Number(number);
}

/** EIP-1898: `{ blockNumber }` or `{ blockHash }`. */
function resolveReference(backend: RpcBackend, reference: Record<string, unknown>, name: string): number {
  const height = reference["blockNumber"];
  if (height !== undefined && height !== null) {
    if (reference["blockHash"] !== undefined && reference["blockHash"] !== null)
      throw invalidParams("cannot specify both BlockHash and BlockNumber, choose one or the other");
    if (typeof height === "object") throw invalidParams(`${name}.blockNumber: expected a hex quantity or a tag`);
    return resolveBlockNumber(backend, height, `${name}.blockNumber`);
  }
  const hash = parseHashParam(reference["blockHash"], `${name}.blockHash`);
  const number = backend.chain.numberOfHash(hash);
  if (number === undefined) throw notFound("header for hash not found");
  return number;
}

/** `null` for a block that is not there, as the `eth_getBlock…` family answers; which one must be said. */
export function findBlock(backend: RpcBackend, tag: unknown): BlockRecord | null {
  if (tag === undefined || tag === null) throw invalidParams("block: missing");
  return backend.chain.blockByNumber(resolveBlockNumber(backend, tag)) ?? null;
}

/** For state queries: the block must exist and its state be kept. */
export function stateNumber(backend: RpcBackend, tag: unknown): number {
  // A hash alone, as geth takes it from before there were objects for it.
  const isHash = typeof tag === "string" && tag.length === HASH_LENGTH;
  const number = resolveBlockNumber(backend, isHash ? { blockHash: tag } : tag);
  if (number > backend.chain.head()) throw notFound("header not found");
  return number;
}

/** Where a call runs: `pending` is the block to come, everything else the block that it names. */
export function callPlace(backend: RpcBackend, tag: unknown): CallPlace {
  return { number: stateNumber(backend, tag), isNext: tag === "pending" };
}

export function requireState<T>(value: T | undefined): T {
  if (value === undefined) throw notFound("missing trie node: the state of this block is not available");
  return value;
}
