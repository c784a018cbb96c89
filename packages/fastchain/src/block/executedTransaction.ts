import {
  type Address,
  encodeRlp,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import type { TransactionOutcome } from "@festina/tvm";
import {
  computeLogsBloom,
  decodeReceipt,
  encodeReceipt,
  type Receipt,
  type RecoveredTransaction,
} from "@festina/types";

/** What executing one transaction of a block came to: its receipt, and what tools ask for beside it. */
export interface ExecutedTransaction {
  readonly sender: Address;
  readonly receipt: Receipt;
  readonly gasUsed: bigint;
  readonly effectiveGasPriceWei: bigint;
  readonly createdAddress: Address | null;
}

export function toExecuted(
  transaction: RecoveredTransaction,
  outcome: TransactionOutcome,
  gasBefore: bigint,
): ExecutedTransaction {
  const { logs } = outcome;
  const receipt = {
    type: outcome.type,
    succeeded: outcome.succeeded,
    cumulativeGasUsed: gasBefore + outcome.gasUsed,
    logs,
    logsBloom: computeLogsBloom(logs),
  };
  const { gasUsed, effectiveGasPriceWei, createdAddress } = outcome;
  return { sender: transaction.sender, receipt, gasUsed, effectiveGasPriceWei, createdAddress };
}

function item(executed: ExecutedTransaction): RlpItem {
  return [
    hexToBytes(executed.sender),
    encodeReceipt(executed.receipt),
    rlpInteger(executed.gasUsed),
    rlpInteger(executed.effectiveGasPriceWei),
    executed.createdAddress === null ? new Uint8Array(0) : hexToBytes(executed.createdAddress),
  ];
}

/** All outcomes of a block, as they are stored. */
export function encodeExecuted(list: readonly ExecutedTransaction[]): Uint8Array {
  return encodeRlp(list.map(item));
}

const TRANSACTIONS_MAX = 20_000;

export function decodeExecuted(bytes: Uint8Array): Result<readonly ExecutedTransaction[], "DECODE_INVALID"> {
  return readRlp(bytes, "outcomes", (reader) => {
    reader.expect(reader.remaining <= TRANSACTIONS_MAX, "too many");
    const list: ExecutedTransaction[] = [];
    while (reader.remaining > 0) list.push(reader.list("outcome", readOne));
    return list;
  });
}

function readReceipt(reader: RlpReader): Receipt {
  const receipt = decodeReceipt(reader.bytes("receipt"));
  if (!receipt.ok) reader.refuse(receipt.error.message);
  else return receipt.value;
}

function readOne(reader: RlpReader): ExecutedTransaction {
  const sender = reader.address("sender");
  const receipt = readReceipt(reader);
  const gasUsed = reader.bigint("gasUsed", 8);
  const effectiveGasPriceWei = reader.bigint("effectiveGasPrice");
  return { sender, receipt, gasUsed, effectiveGasPriceWei, createdAddress: reader.addressOrNull("createdAddress") };
}
