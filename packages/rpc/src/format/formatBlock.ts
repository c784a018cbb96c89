import { bytesToHex } from "@festina/primitives";
import { EMPTY_OMMERS_HASH, EMPTY_ROOT, encodeEthereumBlock, type FastHeader, fastTimeMs } from "@festina/types";
import { toQuantity } from "../jsonRpc/params.ts";
import type { BlockRecord } from "../ports.ts";
import { formatTransaction } from "./formatTransaction.ts";

/** The header fields as geth gives them for a block after the merge. */
export function formatHeader(header: FastHeader, hash: string): Record<string, unknown> {
  return {
    number: toQuantity(header.number),
    hash,
    parentHash: header.parentHash,
    sha3Uncles: EMPTY_OMMERS_HASH,
    miner: header.coinbase,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    logsBloom: bytesToHex(header.logsBloom),
    difficulty: "0x0",
    gasLimit: toQuantity(header.gasLimit),
    gasUsed: toQuantity(header.gasUsed),
    timestamp: toQuantity(header.timestamp),
    extraData: bytesToHex(header.extraData),
    mixHash: header.beacon,
    nonce: "0x0000000000000000",
    baseFeePerGas: toQuantity(header.baseFeePerGasWei),
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: "0x0",
    excessBlobGas: "0x0",
    parentBeaconBlockRoot: header.snailPointer,
    requestsHash: header.requestsHash,
  };
}

export function formatBlock(record: BlockRecord, withTransactions: boolean): Record<string, unknown> {
  const { block } = record;
  return {
    ...formatHeader(block.header, block.hash),
    totalDifficulty: "0x0",
    size: toQuantity(encodeEthereumBlock(block).length),
    uncles: [],
    withdrawals: [],
    transactions: withTransactions
      ? record.transactions.map((_, index) => formatTransaction(record, index))
      : block.transactions.map((transaction) => transaction.hash),
    /** Ours: the strictly increasing time that the protocol works with. */
    timestampMs: toQuantity(fastTimeMs(block.header)),
  };
}
