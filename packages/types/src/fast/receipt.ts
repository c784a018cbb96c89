import {
  type Address,
  concatBytes,
  encodeRlp,
  fail,
  type Hash32,
  hexToBytes,
  type Result,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import type { TransactionType } from "../transaction/transaction.ts";

export interface Log {
  readonly address: Address;
  readonly topics: readonly Hash32[];
  readonly data: Uint8Array;
}

/** The outcome of one transaction, as Ethereum defines it (EIP-658, EIP-2718). */
export interface Receipt {
  readonly type: TransactionType;
  readonly succeeded: boolean;
  readonly cumulativeGasUsed: bigint;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  readonly logs: readonly Log[];
}

const LOGS_MAX = 1_000_000;

export function encodeReceipt(receipt: Receipt): Uint8Array {
  const logs = receipt.logs.map((log) => [hexToBytes(log.address), log.topics.map(hexToBytes), log.data]);
  const body = encodeRlp([
    rlpInteger(receipt.succeeded ? 1 : 0),
    rlpInteger(receipt.cumulativeGasUsed),
    receipt.logsBloom,
    logs,
  ]);
  return receipt.type === 0 ? body : concatBytes(Uint8Array.of(receipt.type), body);
}

const RECEIPT_TYPES: readonly number[] = [0x01, 0x02, 0x04, 0x54];

export function decodeReceipt(bytes: Uint8Array): Result<Receipt, "DECODE_INVALID"> {
  const first = bytes[0] ?? 0;
  const type = first >= 0xc0 ? 0 : first;
  if (type !== 0 && !RECEIPT_TYPES.includes(type)) return fail("DECODE_INVALID", "receipt: unknown type");
  return readRlp(type === 0 ? bytes : bytes.subarray(1), "receipt", (reader) => ({
    type: type as TransactionType,
    succeeded: reader.boolean("status"),
    cumulativeGasUsed: reader.bigint("cumulativeGasUsed", 8),
    logsBloom: reader.bytes("logsBloom", { exact: 256 }),
    logs: reader.many("logs", LOGS_MAX, (logs) =>
      logs.list("log", (log) => ({
        address: log.address("address"),
        topics: log.many("topics", 4, (topics) => topics.hash("topic")),
        data: log.bytes("data"),
      })),
    ),
  }));
}
