import { describe, expect, it } from "@jest/globals";
import { layOut } from "../../src/data/fruitMap.ts";
import {
  addFast,
  addSnail,
  EMPTY_OVERVIEW,
  FAST_MAX,
  type FastRow,
  hashRates,
  intervals,
  latencies,
  perSecond,
  ratesOf,
  type SnailRow,
} from "../../src/data/overview.ts";

const fastRow = (number: number, changes: Partial<FastRow> = {}): FastRow => ({
  number,
  hash: `0x${number}`,
  parentHash: `0x${number - 1}`,
  timeMs: 1_000_000 + number * 500,
  gasUsed: 21_000,
  gasLimit: 30_000_000,
  transactions: 1,
  proposer: "0x1",
  seenMs: null,
  ...changes,
});
const fastRows = (first: number, count: number): FastRow[] =>
  Array.from({ length: count }, (_, i) => fastRow(first + i));
const snailRow = (number: number, anchorNumber: number): SnailRow => ({
  number,
  hash: `0xs${number}`,
  timeMs: number * 10_000,
  anchorNumber,
  difficulty: 1_000,
  totalDifficulty: BigInt(number) * 1_000n,
  payout: "0x2",
  fruits: [{ hash: `0xf${number}`, anchorNumber: anchorNumber - 1, supports: null, payout: "0x2" }],
});

describe("the overview", () => {
  it("keeps the newest blocks, in order, one for each number", () => {
    let overview = addFast(EMPTY_OVERVIEW, [fastRow(2), fastRow(1)], 2);
    overview = addFast(overview, [fastRow(2, { hash: "0xother" }), fastRow(3)], 3);
    expect(overview.fast.map(({ number, hash }) => [number, hash])).toEqual([
      [1, "0x1"],
      [2, "0xother"],
      [3, "0x3"],
    ]);
    expect(addFast(overview, fastRows(4, 1_000), 1_003).fast).toHaveLength(FAST_MAX);
    expect(addFast(overview, [], 3).fast).toHaveLength(3);
    expect(addFast(overview, [], 1).fast).toHaveLength(1);
    expect(addSnail(EMPTY_OVERVIEW, [snailRow(1, 1), snailRow(2, 2)], 1).snail).toHaveLength(1);
  });

  it("tells rates of the last ten seconds", () => {
    const fast = fastRows(1, 40).map((row) => ({ ...row, seenMs: row.timeMs + 30 }));
    const nowMs = fast.at(-1)?.timeMs ?? 0;
    expect(ratesOf(fast, nowMs)).toEqual({
      transactionsPerSecond: 2,
      gasPerSecond: 42_000,
      latencyMs: 30,
      intervalMs: 500,
    });
    expect(ratesOf([], nowMs)).toEqual({
      transactionsPerSecond: 0,
      gasPerSecond: 0,
      latencyMs: null,
      intervalMs: null,
    });
    expect(ratesOf(fast, nowMs + 60_000).transactionsPerSecond).toBe(0);
  });

  it("draws lines through what is there", () => {
    const gap = [...fastRows(1, 3), ...fastRows(10, 2)];
    expect(intervals(gap).map(({ value }) => value)).toEqual([500, 500, 500]);
    expect(perSecond(fastRows(0, 4), ({ transactions }) => transactions).map(({ value }) => value)).toEqual([2, 2]);
    expect(perSecond([], () => 1)).toEqual([]);
    expect(perSecond([fastRow(0), fastRow(1_000_000)], () => 1)).toHaveLength(601);
    expect(latencies([fastRow(1), fastRow(2, { seenMs: 0 })]).map(({ value }) => value)).toEqual([0]);
    expect(hashRates([snailRow(0, 0), snailRow(1, 1)])).toEqual([]);
    expect(hashRates([snailRow(0, 0), snailRow(1, 1), snailRow(2, 2)]).map(({ value }) => value)).toEqual([100]);
    expect(hashRates([1, 2, 3].map((number) => snailRow(number, number))).map(({ value }) => value)).toEqual([
      100, 100,
    ]);
  });
});

describe("the picture", () => {
  const size = { width: 1_000, height: 250 };

  it("puts everything inside, the newest to the right, snail blocks apart", () => {
    const fast = fastRows(1, 120);
    const snail = [30, 60, 90, 92, 94].map((anchor, index) => snailRow(index + 1, anchor));
    const waiting = Array.from({ length: 30 }, (_, i) => ({
      hash: `0xw${i}`,
      anchorNumber: 118,
      supports: null,
      payout: "",
    }));
    const map = layOut({ fast, snail, fruits: waiting }, size);
    for (const { x } of [...map.fast, ...map.snail, ...map.fruits]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(1_000);
    }
    for (const { y } of map.fruits) {
      expect(y).toBeGreaterThan(map.fastY);
      expect(y).toBeLessThan(map.snailY);
    }
    const xs = map.snail.map(({ x }) => x);
    for (let index = 1; index < xs.length; index++)
      expect((xs[index] as number) - (xs[index - 1] as number)).toBeGreaterThanOrEqual(64);
    const anchors = map.snail.map(({ row }) => row.anchorNumber);
    expect(anchors).toEqual([...anchors].sort((a, b) => a - b));
  });

  it("shows a young chain's anchors however far back they are", () => {
    const snail = [0, 3, 11].map((anchor, index) => snailRow(index, anchor));
    const map = layOut({ fast: fastRows(241, 60), snail, fruits: [] }, size);
    expect(map.snail.map(({ isAnchorShown }) => isAnchorShown)).toEqual([true, true, true]);
  });

  it("is empty while there is nothing", () => {
    expect(layOut(EMPTY_OVERVIEW, size)).toMatchObject({ fast: [], snail: [], fruits: [] });
  });

  it("stays bounded on long waits for a snail block", () => {
    const map = layOut({ fast: fastRows(1, 400), snail: [snailRow(1, 1)], fruits: [] }, size);
    expect(map.fast.length).toBeLessThanOrEqual(400);
  });
});
