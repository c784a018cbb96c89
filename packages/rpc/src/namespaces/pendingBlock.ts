// The block that would follow the head: nobody has made it, so it says what is known of it by now.
import { EMPTY_BYTES, ZERO_ADDRESS } from "@festina/primitives";
import { EMPTY_ROOT, type RecoveredTransaction } from "@festina/types";
import { formatHeader } from "../format/formatBlock.ts";
import { formatPendingTransaction } from "../format/formatTransaction.ts";
import { toQuantity } from "../jsonRpc/params.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";

const EMPTY_BLOOM = new Uint8Array(256);

/** What waits and could be in it: each sender's without a gap from its account's nonce, while there is gas. */
export function pendingTransactions(backend: RpcBackend): readonly RecoveredTransaction[] {
  const { chain, pool, state } = backend;
  const head = chain.head();
  const baseFeeWei = chain.nextBaseFeeWei();
  const nonces = new Map<string, bigint>();
  let gasLeft = chain.blockByNumber(head)?.block.header.gasLimit ?? 0n;
  // The pool does not say in which order a sender's come.
  const waiting = [...pool.content()].sort((a, b) => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0));
  return waiting.filter(({ sender, nonce, maxFeePerGasWei, gasLimit }) => {
    const next = nonces.get(sender) ?? state.nonce(sender, head);
    if (nonce !== next || maxFeePerGasWei < baseFeeWei || gasLimit > gasLeft) return false;
    nonces.set(sender, nonce + 1n);
    gasLeft -= gasLimit;
    return true;
  });
}

/** By its place in the block to come. */
export function pendingTransactionAt(backend: RpcBackend, index: number): Record<string, unknown> | null {
  const found = pendingTransactions(backend)[index];
  return found === undefined ? null : placed(backend, found, index);
}

function placed({ chain }: RpcBackend, transaction: RecoveredTransaction, index: number): Record<string, unknown> {
  return {
    ...formatPendingTransaction(transaction),
    blockNumber: toQuantity(chain.head() + 1),
    transactionIndex: toQuantity(index),
  };
}

/** The header: fields that only a made block has are null, or of nothing where clients insist on a value. */
export function pendingHeader({ chain }: RpcBackend, { block }: BlockRecord): Record<string, unknown> {
  const { header, hash } = block;
  const next = {
    ...header,
    number: header.number + 1,
    parentHash: hash,
    timestamp: chain.nextTimestamp(),
    baseFeePerGasWei: chain.nextBaseFeeWei(),
    gasUsed: 0n,
    extraData: EMPTY_BYTES,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: EMPTY_BLOOM,
    coinbase: ZERO_ADDRESS,
  };
  return { ...formatHeader(next, hash), hash: null, nonce: null };
}

export function pendingBlock(
  backend: RpcBackend,
  parent: BlockRecord,
  withTransactions: boolean,
): Record<string, unknown> {
  const transactions = pendingTransactions(backend);
  return {
    ...pendingHeader(backend, parent),
    totalDifficulty: "0x0",
    size: "0x0",
    uncles: [],
    withdrawals: [],
    transactions: withTransactions
      ? transactions.map((transaction, index) => placed(backend, transaction, index))
      : transactions.map(({ hash }) => hash),
  };
}
