import { bytesToHex } from "@festina/primitives";
import { formatBlock, formatHeader } from "../format/formatBlock.ts";
import { formatPendingTransaction, formatReceipt, formatTransaction } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";
import { findBlock } from "./blockTag.ts";
import { findByNonce } from "./otterscanSearch.ts";
import { pendingBlock, pendingHeader, pendingTransactionAt, pendingTransactions } from "./pendingBlock.ts";
import { locate } from "./traceRuns.ts";

function blockByHash(backend: RpcBackend, params: Params): BlockRecord | null {
  const number = backend.chain.numberOfHash(params.hash(0, "blockHash"));
  return number === undefined ? null : (backend.chain.blockByNumber(number) ?? null);
}

function transactionAt(record: BlockRecord | null, params: Params): unknown {
  return record === null ? null : formatTransaction(record, params.number(1, "index", 1_000_000));
}

function headerOf(record: BlockRecord | null): unknown {
  return record === null ? null : formatHeader(record.block.header, record.block.hash);
}

function rawTransactionAt(record: BlockRecord | null, params: Params): unknown {
  const executed = record?.transactions[params.number(1, "index", 1_000_000)];
  return executed === undefined ? null : bytesToHex(executed.transaction.encoded);
}

/** Whatever block it is asked of; which one must be said all the same. */
function noUncle(params: Params, _block: BlockRecord | null): null {
  params.number(1, "index", 1_000_000);
  return null;
}

function located(backend: RpcBackend, params: Params): { record: BlockRecord; index: number } | null {
  const location = backend.chain.transactionLocation(params.hash(0, "transactionHash"));
  if (location === undefined) return null;
  const record = backend.chain.blockByNumber(location.number);
  return record === undefined ? null : { record, index: location.index };
}

/** Whether the first parameter means the block that nobody has made yet. */
const isPending = ([tag]: readonly unknown[]): boolean => tag === "pending";

/** The chain has no uncles; a block that is there has zero of them. */
function uncleMethods(backend: RpcBackend): Record<string, Method> {
  return {
    eth_getUncleCountByBlockNumber: (values) => (findBlock(backend, values[0]) === null ? null : "0x0"),
    eth_getUncleCountByBlockHash: (values) => (blockByHash(backend, new Params(values)) === null ? null : "0x0"),
    eth_getUncleByBlockNumberAndIndex: (values) => noUncle(new Params(values), findBlock(backend, values[0])),
    eth_getUncleByBlockHashAndIndex: (values) => noUncle(new Params(values), blockByHash(backend, new Params(values))),
  };
}

/** Those that wait of this node's own accounts; on a development chain, where all are, of everybody. */
function waitingTransactions({ developmentAccounts, development, pool }: RpcBackend): unknown {
  const own = new Set<string>(developmentAccounts.map(({ address }) => address));
  const isOwn = (sender: string): boolean => development !== null || own.has(sender);
  return pool.content().flatMap((one) => (isOwn(one.sender) ? [formatPendingTransaction(one)] : []));
}

/** Blocks, transactions and receipts of the fast chain. */
export function ethChainMethods(backend: RpcBackend): Record<string, Method> {
  const { chain } = backend;
  const count = (record: BlockRecord | null): unknown =>
    record === null ? null : toQuantity(record.transactions.length);
  return {
    eth_chainId: () => toQuantity(chain.chainId),
    eth_blockNumber: () => toQuantity(chain.head()),
    eth_syncing: () => {
      const { sync, headNumber } = backend.status();
      if (sync === undefined) return false;
      const [currentBlock, highestBlock] = [headNumber, Math.max(headNumber, sync.highestNumber)].map(toQuantity);
      return { startingBlock: "0x0", currentBlock, highestBlock };
    },
    eth_coinbase: () => {
      const coinbase = backend.coinbase();
      if (coinbase === null) throw new RpcError(RPC_CODE.server, "this node makes no blocks");
      return coinbase;
    },
    /** The base fee of the block after the newest. */
    eth_baseFee: () => toQuantity(chain.nextBaseFeeWei()),
    /** Without blobs the price of their gas stays at its minimum (EIP-7516). */
    eth_blobBaseFee: () => "0x1",
    eth_getBlockByNumber: (values) => {
      const params = new Params(values);
      const record = findBlock(backend, params.raw(0));
      if (record === null) return null;
      const isFull = params.boolean(1, "withTransactions");
      return isPending(values) ? pendingBlock(backend, record, isFull) : formatBlock(record, isFull);
    },
    eth_getBlockByHash: (values) => {
      const params = new Params(values);
      const record = blockByHash(backend, params);
      return record === null ? null : formatBlock(record, params.boolean(1, "withTransactions"));
    },
    eth_getBlockTransactionCountByNumber: (values) =>
      isPending(values) ? toQuantity(pendingTransactions(backend).length) : count(findBlock(backend, values[0])),
    eth_getBlockTransactionCountByHash: (values) => count(blockByHash(backend, new Params(values))),
    eth_getTransactionByBlockNumberAndIndex: (values) => {
      const params = new Params(values);
      if (isPending(values)) return pendingTransactionAt(backend, params.number(1, "index", 1_000_000));
      return transactionAt(findBlock(backend, values[0]), params);
    },
    eth_getTransactionByBlockHashAndIndex: (values) => {
      const params = new Params(values);
      return transactionAt(blockByHash(backend, params), params);
    },
    eth_getTransactionByHash: (values) => {
      const params = new Params(values);
      const found = located(backend, params);
      if (found !== null) return formatTransaction(found.record, found.index);
      const pooled = backend.pool.byHash(params.hash(0, "transactionHash"));
      return pooled === undefined ? null : formatPendingTransaction(pooled);
    },
    eth_getRawTransactionByHash: (values) => {
      const params = new Params(values);
      const found = located(backend, params);
      const final = found?.record.transactions[found.index]?.transaction;
      const transaction = final ?? backend.pool.byHash(params.hash(0, "transactionHash"));
      return transaction === undefined ? null : bytesToHex(transaction.encoded);
    },
    eth_getRawTransactionByBlockNumberAndIndex: (values) =>
      rawTransactionAt(findBlock(backend, values[0]), new Params(values)),
    eth_getRawTransactionByBlockHashAndIndex: (values) => {
      const params = new Params(values);
      return rawTransactionAt(blockByHash(backend, params), params);
    },
    eth_getTransactionBySenderAndNonce: (values) => {
      const params = new Params(values);
      const [sender, nonce] = [params.address(0, "sender"), params.quantity(1, "nonce")];
      const hash = findByNonce(backend, sender, nonce);
      const found = hash === null ? null : locate(backend, hash);
      if (found !== null) return formatTransaction(found.record, found.index);
      const pooled = backend.pool.content().find((one) => one.sender === sender && one.nonce === nonce);
      return pooled === undefined ? null : formatPendingTransaction(pooled);
    },
    eth_getHeaderByNumber: (values) => {
      const record = findBlock(backend, values[0]);
      return record !== null && isPending(values) ? pendingHeader(backend, record) : headerOf(record);
    },
    eth_getHeaderByHash: (values) => headerOf(blockByHash(backend, new Params(values))),
    eth_pendingTransactions: () => waitingTransactions(backend),
    eth_getTransactionReceipt: (values) => {
      const found = located(backend, new Params(values));
      return found === null ? null : formatReceipt(found.record, found.index);
    },
    eth_getBlockReceipts: (values) => {
      // Nothing in it has run.
      if (isPending(values)) return null;
      const isHash = typeof values[0] === "string" && values[0].length === 66;
      const record = isHash ? blockByHash(backend, new Params(values)) : findBlock(backend, values[0]);
      return record === null ? null : record.transactions.map((_, index) => formatReceipt(record, index));
    },
    ...uncleMethods(backend),
    eth_mining: () => backend.status().hashRatePerSecond > 0,
    eth_hashrate: () => toQuantity(Math.floor(backend.status().hashRatePerSecond)),
  };
}
