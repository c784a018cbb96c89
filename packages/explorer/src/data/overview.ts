// Both chains as the page sees them move: the newest blocks of each, fruits on their way, and what follows from them.
// Values and pure functions; the feed fills them.
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { BlockAnswer, ElectionAnswer, FruitAnswer, SnailAnswer, StatusAnswer } from "./answers.ts";

export interface FastRow {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timeMs: number;
  readonly gasUsed: number;
  readonly gasLimit: number;
  readonly transactions: number;
  readonly proposer: string;
  /** When the page heard of it; `null` for those that were there before. */
  readonly seenMs: number | null;
}

export interface SnailRow {
  readonly number: number;
  readonly hash: string;
  readonly timeMs: number;
  readonly anchorNumber: number;
  readonly difficulty: number;
  readonly totalDifficulty: bigint;
  readonly payout: string;
  readonly fruits: readonly FruitRow[];
}

export interface FruitRow {
  readonly hash: string;
  readonly anchorNumber: number;
  readonly supports: string | null;
  readonly payout: string;
}

export interface Overview {
  readonly isReady: boolean;
  /** Of the first block; empty until it is known. */
  readonly genesisHash: string;
  /** Counts the chains that the node has had while the page was open: a development chain may begin anew. */
  readonly chainSerial: number;
  readonly chainId: string;
  readonly clientVersion: string;
  /** Oldest first, gaps possible after a pause. */
  readonly fast: readonly FastRow[];
  readonly snail: readonly SnailRow[];
  /** In the pool. */
  readonly fruits: readonly FruitRow[];
  readonly status: StatusAnswer | null;
  readonly election: ElectionAnswer | null;
}

export const EMPTY_OVERVIEW: Overview = {
  isReady: false,
  genesisHash: "",
  chainSerial: 0,
  chainId: "",
  clientVersion: "",
  fast: [],
  snail: [],
  fruits: [],
  status: null,
  election: null,
};

export const FAST_MAX = 400;
export const SNAIL_MAX = 40;
export const FRUITS_MAX = 100;

export function toFastRow(block: BlockAnswer, seenMs: number | null): FastRow {
  return {
    number: readNumber(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timeMs: readNumber(block.timestampMs) || readNumber(block.timestamp) * 1_000,
    gasUsed: readNumber(block.gasUsed),
    gasLimit: readNumber(block.gasLimit),
    transactions: block.transactions.length,
    proposer: block.miner,
    seenMs,
  };
}

export function toFruitRow(fruit: FruitAnswer): FruitRow {
  const { hash, supports, payout } = fruit;
  return { hash, supports, payout, anchorNumber: readNumber(fruit.anchorNumber) };
}

export function toSnailRow(block: SnailAnswer): SnailRow {
  return {
    number: readNumber(block.number),
    hash: block.hash,
    timeMs: readNumber(block.timestamp) * 1_000,
    anchorNumber: readNumber(block.anchorNumber),
    difficulty: Number(readBigint(block.difficulty)),
    totalDifficulty: readBigint(block.totalDifficulty),
    payout: block.payout,
    fruits: block.fruits
      .flatMap((fruit) => (typeof fruit === "string" ? [] : [toFruitRow(fruit)]))
      .slice(0, FRUITS_MAX),
  };
}

/** By number, the later word on a number wins (a development chain goes back, a snail chain changes branch). */
function merge<Row extends { readonly number: number }>(
  known: readonly Row[],
  news: readonly Row[],
  max: number,
): readonly Row[] {
  if (news.length === 0) return known;
  const byNumber = new Map(known.map((row) => [row.number, row]));
  for (const row of news) byNumber.set(row.number, row);
  return [...byNumber.values()].sort((a, b) => a.number - b.number).slice(-max);
}

/** Whether news of a chain contradicts what is known of it: a development chain went back and on another way. */
export function hasBranched(
  known: readonly FastRow[],
  news: readonly Pick<FastRow, "number" | "hash" | "parentHash">[],
): boolean {
  const hashes = new Map(known.map(({ number, hash }) => [number, hash]));
  return news.some(
    ({ number, hash, parentHash }) =>
      (hashes.get(number) ?? hash) !== hash || (hashes.get(number - 1) ?? parentHash) !== parentHash,
  );
}

/** Blocks above `head` were taken back. */
export function addFast(overview: Overview, rows: readonly FastRow[], head: number): Overview {
  return { ...overview, fast: merge(overview.fast, rows, FAST_MAX).filter(({ number }) => number <= head) };
}

export function addSnail(overview: Overview, rows: readonly SnailRow[], head: number): Overview {
  return { ...overview, snail: merge(overview.snail, rows, SNAIL_MAX).filter(({ number }) => number <= head) };
}

export interface Rates {
  readonly transactionsPerSecond: number;
  readonly gasPerSecond: number;
  /** From a block's time, taken when it was proposed, to its arrival here, final; `null` while none has come. */
  readonly latencyMs: number | null;
  readonly intervalMs: number | null;
}

const RATE_SPAN_MS = 10_000;

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** Over the ten seconds before `nowMs`. */
export function ratesOf(fast: readonly FastRow[], nowMs: number): Rates {
  const from = nowMs - RATE_SPAN_MS;
  const recent = fast.filter(({ timeMs }) => timeMs > from);
  const sum = (read: (row: FastRow) => number): number => recent.reduce((total, row) => total + read(row), 0);
  const latencies = recent.flatMap(({ seenMs, timeMs }) => (seenMs === null ? [] : [Math.max(0, seenMs - timeMs)]));
  return {
    transactionsPerSecond: (sum(({ transactions }) => transactions) * 1_000) / RATE_SPAN_MS,
    gasPerSecond: (sum(({ gasUsed }) => gasUsed) * 1_000) / RATE_SPAN_MS,
    latencyMs: median(latencies),
    intervalMs: median(intervals(fast.slice(-50)).map(({ value }) => value)),
  };
}

export interface Point {
  /** Unix seconds. */
  readonly at: number;
  readonly value: number;
}

/** Milliseconds between neighbours. */
export function intervals(rows: readonly { readonly number: number; readonly timeMs: number }[]): readonly Point[] {
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    if (before === undefined || before.number !== row.number - 1) return [];
    return [{ at: row.timeMs / 1_000, value: row.timeMs - before.timeMs }];
  });
}

/** Sums per second of the chain's time; seconds without blocks are zero. */
export function perSecond(fast: readonly FastRow[], read: (row: FastRow) => number): readonly Point[] {
  const first = fast[0];
  const last = fast.at(-1);
  if (first === undefined || last === undefined) return [];
  const end = Math.floor(last.timeMs / 1_000);
  const start = Math.max(Math.floor(first.timeMs / 1_000), end - 600);
  const sums = new Array<number>(end - start + 1).fill(0);
  for (const row of fast) {
    const index = Math.floor(row.timeMs / 1_000) - start;
    if (index >= 0) sums[index] = (sums[index] ?? 0) + read(row);
  }
  return sums.map((value, index) => ({ at: start + index, value }));
}

export function latencies(fast: readonly FastRow[]): readonly Point[] {
  return fast.flatMap(({ timeMs, seenMs }) =>
    seenMs === null ? [] : [{ at: timeMs / 1_000, value: Math.max(0, seenMs - timeMs) }],
  );
}

const HASH_RATE_BLOCKS = 6;

/** Hashes per second of the whole network: the work of up to six blocks over the time they took. */
export function hashRates(snail: readonly SnailRow[]): readonly Point[] {
  // The genesis block's time says nothing about work.
  const mined = snail.filter(({ number }) => number > 0);
  return mined.flatMap((row, index) => {
    const before = mined[Math.max(0, index - HASH_RATE_BLOCKS)];
    if (before === undefined || index === 0) return [];
    const seconds = Math.max(1, (row.timeMs - before.timeMs) / 1_000);
    return [{ at: row.timeMs / 1_000, value: Number(row.totalDifficulty - before.totalDifficulty) / seconds }];
  });
}

export function difficulties(snail: readonly SnailRow[]): readonly Point[] {
  return snail
    .filter(({ number }) => number > 0)
    .map(({ timeMs, difficulty }) => ({ at: timeMs / 1_000, value: difficulty }));
}
