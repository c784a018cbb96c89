import { bytesToHex, type Hex } from "@festina/primitives";
import {
  type AccessListEntry,
  type Log,
  type RecoveredTransaction,
  TRANSACTION_TYPE,
  type Transaction,
} from "@festina/types";
import { toQuantity } from "../jsonRpc/params.ts";
import type { BlockRecord, ExecutedTransaction } from "../ports.ts";

function formatAccessList(list: readonly AccessListEntry[]): unknown {
  return list.map(({ address, storageKeys }) => ({ address, storageKeys }));
}

function legacyV(transaction: Transaction): Hex {
  const { chainId, signature } = transaction;
  return toQuantity(chainId === null ? 27 + signature.yParity : chainId * 2n + 35n + BigInt(signature.yParity));
}

/** The signed fields; `gasPriceWei` is the effective price once mined, the price limit before. */
function formatFields(transaction: Transaction, sender: string, gasPriceWei: bigint): Record<string, unknown> {
  const { type, signature, sponsorship, payerSignature } = transaction;
  const isLegacy = type === TRANSACTION_TYPE.legacy;
  const hasFeeMarket = !isLegacy && type !== TRANSACTION_TYPE.accessList;
  return {
    type: toQuantity(type),
    hash: transaction.hash,
    from: sender,
    to: transaction.to,
    nonce: toQuantity(transaction.nonce),
    gas: toQuantity(transaction.gasLimit),
    gasPrice: toQuantity(gasPriceWei),
    value: toQuantity(transaction.valueWei),
    input: bytesToHex(transaction.data),
    ...(transaction.chainId === null ? {} : { chainId: toQuantity(transaction.chainId) }),
    ...(hasFeeMarket
      ? {
          maxFeePerGas: toQuantity(transaction.maxFeePerGasWei),
          maxPriorityFeePerGas: toQuantity(transaction.maxPriorityFeePerGasWei),
        }
      : {}),
    ...(isLegacy
      ? {}
      : { accessList: formatAccessList(transaction.accessList), yParity: toQuantity(signature.yParity) }),
    ...(type === TRANSACTION_TYPE.setCode
      ? {
          authorizationList: transaction.authorizations.map((item) => ({
            chainId: toQuantity(item.chainId),
            address: item.address,
            nonce: toQuantity(item.nonce),
            yParity: toQuantity(item.yParity),
            r: toQuantity(item.r),
            s: toQuantity(item.s),
          })),
        }
      : {}),
    v: isLegacy ? legacyV(transaction) : toQuantity(signature.yParity),
    r: toQuantity(signature.r),
    s: toQuantity(signature.s),
    ...(sponsorship === null || payerSignature === null
      ? {}
      : {
          fee: toQuantity(sponsorship.feeWei),
          payer: sponsorship.payer,
          validUntil: toQuantity(sponsorship.validUntilSeconds),
          payerSignature: {
            r: toQuantity(payerSignature.r),
            s: toQuantity(payerSignature.s),
            yParity: toQuantity(payerSignature.yParity),
          },
        }),
  };
}

export function formatTransaction(record: BlockRecord, index: number): Record<string, unknown> | null {
  const executed = record.transactions[index];
  if (executed === undefined) return null;
  return {
    ...formatFields(executed.transaction, executed.sender, executed.effectiveGasPriceWei),
    blockHash: record.block.hash,
    blockNumber: toQuantity(record.block.header.number),
    blockTimestamp: toQuantity(record.block.header.timestamp),
    transactionIndex: toQuantity(index),
  };
}

export function formatPendingTransaction(transaction: RecoveredTransaction): Record<string, unknown> {
  const fields = formatFields(transaction, transaction.sender, transaction.maxFeePerGasWei);
  return { ...fields, blockHash: null, blockNumber: null, transactionIndex: null };
}

function firstLogIndex(transactions: readonly ExecutedTransaction[], index: number): number {
  return transactions.slice(0, index).reduce((sum, { logs }) => sum + logs.length, 0);
}

export function formatLogs(record: BlockRecord, index: number): Record<string, unknown>[] {
  const executed = record.transactions[index];
  if (executed === undefined) return [];
  if (executed.logs.length === 0) return [];
  return formatLogsFrom(record, index, executed.logs, firstLogIndex(record.transactions, index));
}

/** Logs of a transaction of the block, of which the first has this index in the block. */
export function formatLogsFrom(
  record: BlockRecord,
  index: number,
  logs: readonly Log[],
  first: number,
): Record<string, unknown>[] {
  const { header, hash } = record.block;
  // Once for all logs of the transaction: a block can have hundreds of thousands.
  const blockNumber = toQuantity(header.number);
  const blockTimestamp = toQuantity(header.timestamp);
  const transactionIndex = toQuantity(index);
  const transactionHash = record.block.transactions[index]?.hash ?? null;
  return logs.map((log, position) => ({
    address: log.address,
    topics: log.topics,
    data: bytesToHex(log.data),
    blockNumber,
    blockHash: hash,
    blockTimestamp,
    transactionHash,
    transactionIndex,
    logIndex: toQuantity(first + position),
    removed: false,
  }));
}

export function formatReceipt(record: BlockRecord, index: number): Record<string, unknown> | null {
  const executed = record.transactions[index];
  if (executed === undefined) return null;
  const { transaction } = executed;
  return {
    type: toQuantity(transaction.type),
    status: executed.succeeded ? "0x1" : "0x0",
    transactionHash: transaction.hash,
    transactionIndex: toQuantity(index),
    blockHash: record.block.hash,
    blockNumber: toQuantity(record.block.header.number),
    from: executed.sender,
    to: transaction.to,
    contractAddress: executed.createdAddress,
    cumulativeGasUsed: toQuantity(executed.cumulativeGasUsed),
    gasUsed: toQuantity(executed.gasUsed),
    effectiveGasPrice: toQuantity(executed.effectiveGasPriceWei),
    logs: formatLogs(record, index),
    logsBloom: bytesToHex(executed.logsBloom),
    ...(transaction.sponsorship === null ? {} : { payer: transaction.sponsorship.payer }),
  };
}
