import { type Address, ZERO_ADDRESS } from "@festina/primitives";
import { type CallFrame, eachCall, REVERTED } from "../format/callFrame.ts";
import { formatBlock, formatHeader } from "../format/formatBlock.ts";
import { formatReceipt, formatTransaction } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, notFound } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";
import { findBlock, requireState, stateNumber } from "./blockTag.ts";
import { findByNonce, findCreator, searchAfter, searchBefore, type TransactionPage } from "./otterscanSearch.ts";
import { locate, traceCalls } from "./traceRuns.ts";

/** The version of the method set that Otterscan asks for. */
const API_LEVEL = 8;
const PAGE_MAX = 100;
/** What Otterscan calls the ways of coins inside a transaction. */
const OPERATION: Readonly<Record<string, number>> = { CALL: 0, SELFDESTRUCT: 1, CREATE: 2, CREATE2: 3 };

async function calls(backend: RpcBackend, params: Params): Promise<CallFrame> {
  const found = locate(backend, params.hash(0, "transactionHash"));
  if (found === null) throw notFound("transaction not found");
  return traceCalls(backend, found.record, found.index);
}

/** Coins that code moved, and contracts that it made; not what was undone. */
function internalOperations(top: CallFrame): unknown[] {
  const operations: unknown[] = [];
  eachCall(top, ({ type, from, to = "", value = "0x0" }, path, isUndone) => {
    const kind = OPERATION[type];
    if (path.length === 0 || isUndone || kind === undefined) return;
    if (kind === OPERATION["CALL"] && BigInt(value) === 0n) return;
    operations.push({ type: kind, from, to, value });
  });
  return operations;
}

/** A delegated call moves nothing; a creation that failed has no address, and Otterscan reads one everywhere. */
function entries(top: CallFrame): unknown[] {
  const list: unknown[] = [];
  eachCall(top, ({ type, from, to = ZERO_ADDRESS, value = null, input, output = "0x" }, path) => {
    const moved = type === "DELEGATECALL" ? null : value;
    list.push({ type, depth: path.length, from, to, value: moved, input, output });
  });
  return list;
}

function shownBlock(record: BlockRecord): Record<string, unknown> {
  const { logsBloom: _bloom, transactions, ...block } = formatBlock(record, false);
  return { ...block, transactionCount: (transactions as readonly unknown[]).length };
}

function blockDetails(record: BlockRecord | null): unknown {
  if (record === null) return null;
  const feesWei = record.transactions.reduce((sum, one) => sum + one.gasUsed * one.effectiveGasPriceWei, 0n);
  // Miners and committee are paid by snail blocks; a fast block makes no coins of itself.
  const issuance = { blockReward: "0x0", uncleReward: "0x0", issuance: "0x0" };
  return { block: shownBlock(record), issuance, totalFees: toQuantity(feesWei) };
}

/** With four bytes of the input: lists show which function was called. */
function briefTransaction(record: BlockRecord, index: number): Record<string, unknown> | null {
  const transaction = formatTransaction(record, index);
  return transaction === null ? null : { ...transaction, input: String(transaction["input"]).slice(0, 10) };
}

/** Pages count from 0; the newest transactions come first. */
function blockTransactions(record: BlockRecord | null, page: number, pageSize: number): unknown {
  if (record === null) return null;
  const count = record.transactions.length;
  const end = Math.max(0, count - page * pageSize);
  const indexes = Array.from(
    { length: end - Math.max(0, end - pageSize) },
    (_, index) => Math.max(0, end - pageSize) + index,
  );
  return {
    fullblock: { ...shownBlock(record), transactions: indexes.map((index) => briefTransaction(record, index)) },
    receipts: indexes.map((index) => ({ ...formatReceipt(record, index), logs: null, logsBloom: null })),
  };
}

function formatPage({ found, isFirst, isLast }: TransactionPage): unknown {
  return {
    txs: found.map(({ record, index }) => formatTransaction(record, index)),
    receipts: found.map(({ record, index }) => ({
      ...formatReceipt(record, index),
      timestamp: record.block.header.timestamp,
    })),
    firstPage: isFirst,
    lastPage: isLast,
  };
}

function parseSearch(values: readonly unknown[]): { address: Address; number: number; pageSize: number } {
  const params = new Params(values);
  const pageSize = params.number(2, "pageSize", PAGE_MAX);
  if (pageSize === 0) throw invalidParams("pageSize: at least 1");
  return { address: params.address(0, "address"), number: params.number(1, "blockNumber"), pageSize };
}

/** What the explorer Otterscan asks besides Ethereum's methods. */
export function otterscanMethods(backend: RpcBackend): Record<string, Method> {
  return {
    ots_getApiLevel: () => API_LEVEL,
    ots_hasCode: (values) => {
      const address = new Params(values).address(0, "address");
      return requireState(backend.state.code(address, stateNumber(backend, values[1]))).length > 0;
    },
    ots_getInternalOperations: async (values) => internalOperations(await calls(backend, new Params(values))),
    ots_traceTransaction: async (values) => entries(await calls(backend, new Params(values))),
    /** What a revert returned; nothing for other endings. */
    ots_getTransactionError: async (values) => {
      const { error, output } = await calls(backend, new Params(values));
      return error === REVERTED ? (output ?? "0x") : "0x";
    },
    ots_getBlockDetails: (values) => blockDetails(findBlock(backend, values[0])),
    ots_getBlockDetailsByHash: (values) => {
      const number = backend.chain.numberOfHash(new Params(values).hash(0, "blockHash"));
      return blockDetails(number === undefined ? null : (backend.chain.blockByNumber(number) ?? null));
    },
    /** (block, page, page size) */
    ots_getBlockTransactions: (values) => {
      const params = new Params(values);
      const [page, pageSize] = [params.number(1, "pageNumber"), params.number(2, "pageSize", PAGE_MAX)];
      return blockTransactions(findBlock(backend, values[0]), page, pageSize);
    },
    /** (address, block, page size): older than the block, newest first; 0: from the newest. */
    ots_searchTransactionsBefore: async (values) => {
      const { address, number, pageSize } = parseSearch(values);
      return formatPage(await searchBefore(backend, address, number, pageSize));
    },
    /** The same, newer than the block; 0: from the oldest. */
    ots_searchTransactionsAfter: async (values) => {
      const { address, number, pageSize } = parseSearch(values);
      return formatPage(await searchAfter(backend, address, number, pageSize));
    },
    ots_getTransactionBySenderAndNonce: (values) => {
      const params = new Params(values);
      return findByNonce(backend, params.address(0, "sender"), params.quantity(1, "nonce"));
    },
    ots_getContractCreator: (values) => findCreator(backend, new Params(values).address(0, "address")),
    erigon_getHeaderByNumber: (values) => {
      const record = findBlock(backend, values[0]);
      return record === null ? null : formatHeader(record.block.header, record.block.hash);
    },
  };
}
