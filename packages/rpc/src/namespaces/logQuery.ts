import { setImmediate as nextTurn } from "node:timers/promises";
import { keccak256 } from "@festina/crypto";
import { type Address, type Hash32, hexToBytes } from "@festina/primitives";
import type { Log } from "@festina/types";
import { formatLogs } from "../format/formatTransaction.ts";
import { parseAddressParam, parseArray, parseHashParam } from "../jsonRpc/params.ts";
import { invalidParams, notFound, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { BlockRecord, RpcBackend } from "../ports.ts";
import { resolveBlockNumber } from "./blockTag.ts";

const RANGE_BLOCKS_MAX = 100_000;
export const LOGS_MAX = 20_000;
/** Blocks read before others get a turn: some milliseconds of decoding. */
export const SLICE_BLOCKS = 64;
export const restAfterSlice = (): Promise<void> => nextTurn();
const CHOICES_MAX = 1_000;
const TOPICS_MAX = 4;

/** Which logs are wanted: any of the addresses, and at each position any of the topics; empty means all. */
export interface LogFilter {
  readonly addresses: readonly Address[];
  readonly topics: readonly (readonly Hash32[])[];
}

export interface LogQuery extends LogFilter {
  readonly fromBlock: number;
  readonly toBlock: number;
}

export function parseLogFilter(fields: Readonly<Record<string, unknown>>): LogFilter {
  const address = fields["address"];
  const addresses = address === undefined || address === null ? [] : Array.isArray(address) ? address : [address];
  const topics = parseArray(fields["topics"] ?? [], "topics", CHOICES_MAX);
  if (topics.length > TOPICS_MAX) throw invalidParams(`exceed max topics: a log has ${TOPICS_MAX} at most`);
  return {
    addresses: parseArray(addresses, "address", CHOICES_MAX).map((item) => parseAddressParam(item, "address")),
    topics: topics.map((choice) => {
      const choices = parseArray(Array.isArray(choice) ? choice : [choice], "topics", CHOICES_MAX);
      // Anything among others is anything.
      if (choices.includes(null)) return [];
      return choices.map((topic) => parseHashParam(topic, "topics"));
    }),
  };
}

export function parseLogQuery(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): LogQuery {
  const filter = parseLogFilter(fields);
  const { blockHash = null, fromBlock: from = null, toBlock: to = null } = fields;
  if (blockHash !== null) {
    if (from !== null || to !== null) {
      throw invalidParams("can't specify fromBlock/toBlock with blockHash");
    }
    const number = backend.chain.numberOfHash(parseHashParam(blockHash, "blockHash"));
    if (number === undefined) throw notFound("unknown block");
    return { ...filter, fromBlock: number, toBlock: number };
  }
  const fromBlock = resolveBlockNumber(backend, from, "fromBlock");
  const toBlock = resolveBlockNumber(backend, to, "toBlock");
  // Up to the newest from one that is not there yet: there is nothing new for whoever polls so.
  if (fromBlock > toBlock && MOVING_TAGS.includes(to)) return { ...filter, fromBlock, toBlock };
  if (fromBlock > toBlock) throw invalidParams("invalid block range params: fromBlock is above toBlock");
  return { ...filter, fromBlock, toBlock };
}

const MOVING_TAGS: readonly unknown[] = [undefined, null, "latest", "safe", "finalized", "pending"];

/** For a filter that is asked again and again: a range up to the head has no end, and may begin above it. */
export function parseOpenLogQuery(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): LogQuery {
  const isOpen = MOVING_TAGS.includes(fields["toBlock"]) && (fields["blockHash"] ?? null) === null;
  if (!isOpen) return parseLogQuery(backend, fields);
  const fromBlock = resolveBlockNumber(backend, fields["fromBlock"], "fromBlock");
  return { ...parseLogFilter(fields), fromBlock, toBlock: Number.MAX_SAFE_INTEGER };
}

/** A filter of n positions wants logs of at least n topics, as in geth, even where it leaves a position open. */
export function matchesLog(log: Log, filter: LogFilter): boolean {
  if (filter.addresses.length > 0 && !filter.addresses.includes(log.address)) return false;
  return filter.topics.every((choices, position) => {
    const topic = log.topics[position];
    return topic !== undefined && (choices.length === 0 || choices.includes(topic));
  });
}

function inBloom(bloom: Uint8Array, value: string): boolean {
  const hash = keccak256(hexToBytes(value));
  for (let i = 0; i < 6; i += 2) {
    const bit = (((hash[i] as number) << 8) | (hash[i + 1] as number)) & 0x7ff;
    if (((bloom[255 - (bit >> 3)] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** False only when the block certainly has no matching log. */
function mayMatch(record: BlockRecord, filter: LogFilter): boolean {
  const bloom = record.block.header.logsBloom;
  const someOf = (values: readonly string[]): boolean =>
    values.length === 0 || values.some((value) => inBloom(bloom, value));
  return someOf(filter.addresses) && filter.topics.every(someOf);
}

export function logsOfBlock(record: BlockRecord, filter: LogFilter): Record<string, unknown>[] {
  if (!mayMatch(record, filter)) return [];
  return record.transactions.flatMap((executed, index) => {
    if (!executed.logs.some((log) => matchesLog(log, filter))) return [];
    const formatted = formatLogs(record, index);
    return formatted.filter((_, position) => {
      const log = executed.logs[position];
      return log !== undefined && matchesLog(log, filter);
    });
  });
}

/** The same for a block that is no more, the last log first, as geth tells of it. */
export function removedLogsOfBlock(record: BlockRecord, filter: LogFilter): Record<string, unknown>[] {
  return logsOfBlock(record, filter)
    .map((log) => ({ ...log, removed: true }))
    .reverse();
}

/** Reads a range a slice at a time, so that consensus and other clients get their turns in between. */
export async function queryLogs(backend: RpcBackend, query: LogQuery): Promise<Record<string, unknown>[]> {
  const last = Math.min(query.toBlock, backend.chain.head());
  if (last - query.fromBlock >= RANGE_BLOCKS_MAX) {
    throw new RpcError(RPC_CODE.limitExceeded, `block range exceeds ${RANGE_BLOCKS_MAX} blocks`);
  }
  const logs: Record<string, unknown>[] = [];
  for (let number = query.fromBlock; number <= last; number++) {
    if ((number - query.fromBlock) % SLICE_BLOCKS === SLICE_BLOCKS - 1) await nextTurn();
    const record = backend.chain.blockByNumber(number);
    if (record === undefined) continue;
    // Not spread into one call: a full block has more logs than a call takes arguments.
    for (const log of logsOfBlock(record, query)) logs.push(log);
    if (logs.length > LOGS_MAX) throw new RpcError(RPC_CODE.limitExceeded, `query returns more than ${LOGS_MAX} logs`);
  }
  return logs;
}
