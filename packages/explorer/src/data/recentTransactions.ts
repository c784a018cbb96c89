// Transactions of one account, as far as the node's methods reach: its index where it keeps one, else its newest blocks.
import { readNumber } from "../format/readQuantity.ts";
import type { BlockAnswer, ReceiptAnswer, TransactionAnswer } from "./answers.ts";
import { type Call, RpcFailure } from "./rpcCaller.ts";

export interface RecentTransactions {
  readonly transactions: readonly TransactionAnswer[];
  /** Hashes of those that failed, as far as the node told. */
  readonly failed: ReadonlySet<string>;
  /** The oldest block that was looked at; 0 when all were. */
  readonly since: number;
  /** What to ask for next, to see older ones; `null` when there are none. */
  readonly olderThan: number | null;
}

const PAGE = 25;
/** The index answers with whole blocks. */
const SHOWN_MAX = 500;
const BLOCKS_MAX = 200;
const METHOD_UNKNOWN = -32601;

interface SearchAnswer {
  readonly txs?: readonly TransactionAnswer[];
  readonly receipts?: readonly (ReceiptAnswer & { readonly transactionHash: string })[];
  readonly lastPage?: boolean;
}

async function fromIndex(call: Call, address: string, before: number): Promise<RecentTransactions> {
  const found = await call<SearchAnswer>("ots_searchTransactionsBefore", [address, before, PAGE]);
  const transactions = (found.txs ?? []).slice(0, SHOWN_MAX);
  const last = transactions.at(-1);
  return {
    transactions,
    failed: new Set(
      (found.receipts ?? []).filter(({ status }) => status === "0x0").map(({ transactionHash }) => transactionHash),
    ),
    since: 0,
    olderThan: found.lastPage === false && last !== undefined ? readNumber(last.blockNumber) : null,
  };
}

async function fromBlocks(call: Call, address: string, before: number): Promise<RecentTransactions> {
  const head = before > 0 ? before - 1 : readNumber(await call("eth_blockNumber"));
  const since = Math.max(0, head - BLOCKS_MAX + 1);
  const numbers = Array.from({ length: head - since + 1 }, (_, index) => head - index);
  const blocks = await Promise.all(
    numbers.map((number) => call<BlockAnswer | null>("eth_getBlockByNumber", [`0x${number.toString(16)}`, true])),
  );
  const transactions = blocks.flatMap((block) =>
    (block?.transactions ?? []).flatMap((transaction) =>
      typeof transaction !== "string" && (transaction.from === address || transaction.to === address)
        ? [transaction]
        : [],
    ),
  );
  return {
    transactions: transactions.slice(0, SHOWN_MAX),
    failed: new Set(),
    since,
    olderThan: since === 0 ? null : since,
  };
}

/** Newest first, about 25 below block `before`; 0: from the newest. */
export function recentTransactions(call: Call, address: string, before = 0): Promise<RecentTransactions> {
  return fromIndex(call, address, before).catch((error: unknown) => {
    if (error instanceof RpcFailure && error.code === METHOD_UNKNOWN) return fromBlocks(call, address, before);
    throw error;
  });
}
