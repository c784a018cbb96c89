// Transactions of one account, as far as the node's methods reach: its index where it keeps one, else its newest blocks.
import { readNumber } from "../format/readQuantity.ts";
import type { BlockAnswer, TransactionAnswer } from "./answers.ts";
import { type Call, RpcFailure } from "./rpcCaller.ts";

export interface RecentTransactions {
  readonly transactions: readonly TransactionAnswer[];
  /** The oldest block that was looked at; 0 when all were. */
  readonly since: number;
}

const SHOWN_MAX = 25;
const BLOCKS_MAX = 200;
const METHOD_UNKNOWN = -32601;

async function fromIndex(call: Call, address: string): Promise<RecentTransactions> {
  const found = await call<{ readonly txs?: readonly TransactionAnswer[] }>("ots_searchTransactionsBefore", [
    ...[address, 0, SHOWN_MAX],
  ]);
  const transactions = (found.txs ?? []).slice(0, SHOWN_MAX);
  return { transactions, since: 0 };
}

async function fromBlocks(call: Call, address: string): Promise<RecentTransactions> {
  const head = readNumber(await call("eth_blockNumber"));
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
  return { transactions: transactions.slice(0, SHOWN_MAX), since };
}

/** Newest first, at most 25. */
export function recentTransactions(call: Call, address: string): Promise<RecentTransactions> {
  return fromIndex(call, address).catch((error: unknown) => {
    if (error instanceof RpcFailure && error.code === METHOD_UNKNOWN) return fromBlocks(call, address);
    throw error;
  });
}
