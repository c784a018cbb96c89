// Where everything stands in the picture of both chains: fast blocks on a line, snail blocks on another, fruits between.
import type { FastRow, FruitRow, Overview, SnailRow } from "./overview.ts";

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

export interface FastMark {
  readonly row: FastRow;
  readonly x: number;
  readonly width: number;
}

export interface SnailMark {
  readonly row: SnailRow;
  readonly x: number;
  readonly anchorX: number;
  readonly isAnchorShown: boolean;
}

export interface FruitMark {
  readonly row: FruitRow;
  readonly x: number;
  readonly y: number;
  /** The snail block that packed it stands here; `null` in the pool. */
  readonly packedX: number | null;
}

export interface ChainMap {
  readonly fast: readonly FastMark[];
  readonly snail: readonly SnailMark[];
  readonly fruits: readonly FruitMark[];
  /** Heights of the lines. */
  readonly fastY: number;
  readonly snailY: number;
}

const FAST_MARKS_MIN = 48;
const FAST_MARKS_MAX = 1_500;
const SNAIL_MARKS_MAX = 6;
const FRUITS_PER_SNAIL_MAX = 24;
const SNAIL_GAP = 64;
const EDGE = 16;
const STACK = 4;

/**
 * How many fast blocks are in the picture: all since the anchor of the fourth-newest snail block, or of the first one while
 * there are fewer, within bounds. A young chain whose proof of work is slow has its anchors far back.
 */
function firstShown(fast: readonly FastRow[], snail: readonly SnailRow[]): number {
  const head = fast.at(-1)?.number ?? 0;
  const anchor = (snail.at(-4) ?? snail[0])?.anchorNumber ?? head;
  return Math.max(0, Math.min(head - FAST_MARKS_MIN + 1, Math.max(anchor, head - FAST_MARKS_MAX)));
}

/**
 * Snail blocks stand below what they anchor, but apart: older ones give way to the left, and where the edge stops them, newer
 * ones give way to the right. As many of the newest are shown as have room.
 */
function placeSnails(rows: readonly SnailRow[], xOf: (number: number) => number, width: number): readonly SnailMark[] {
  const room = Math.min(SNAIL_MARKS_MAX, Math.floor((width - 2 * EDGE) / SNAIL_GAP));
  const shown = rows.slice(-room);
  const xs: number[] = [];
  let rightmost = width - EDGE - SNAIL_GAP / 2;
  for (const { anchorNumber } of [...shown].reverse()) {
    const x = Math.min(xOf(anchorNumber) + SNAIL_GAP / 2, rightmost);
    xs.unshift(x);
    rightmost = x - SNAIL_GAP;
  }
  let leftmost = EDGE + SNAIL_GAP / 2;
  return shown.map((row, index) => {
    const x = Math.max(xs[index] ?? leftmost, leftmost);
    leftmost = x + SNAIL_GAP;
    const anchorX = xOf(row.anchorNumber);
    return { row, x, anchorX, isAnchorShown: anchorX >= 0 };
  });
}

export function layOut({ fast, snail, fruits }: Pick<Overview, "fast" | "snail" | "fruits">, size: MapSize): ChainMap {
  const { width, height } = size;
  const first = firstShown(fast, snail);
  const head = fast.at(-1)?.number ?? first;
  const step = (width - 2 * EDGE) / Math.max(FAST_MARKS_MIN, head - first + 1);
  const right = width - EDGE;
  const xOf = (number: number): number => right - (head - number + 0.5) * step;
  const fastY = 34;
  const snailY = height - 34;
  const snailMarks = placeSnails(snail, xOf, width);

  const heightOf = new Map<string, number>();
  const place = (row: FruitRow, line: number, packedX: number | null): FruitMark => {
    const x = Math.max(EDGE, Math.min(right, xOf(row.anchorNumber)));
    const column = `${line} ${Math.round(x / 9)}`;
    const stacked = heightOf.get(column) ?? 0;
    heightOf.set(column, stacked + 1);
    return { row, x, y: line + (stacked % STACK) * 9, packedX };
  };
  const between = snailY - fastY;
  const waiting = fruits.map((row) => place(row, fastY + between * 0.3, null));
  const packed = snailMarks.flatMap(({ row, x }) =>
    row.fruits.slice(0, FRUITS_PER_SNAIL_MAX).map((fruit) => place(fruit, fastY + between * 0.58, x)),
  );
  return {
    fast: fast
      .filter(({ number }) => number >= first)
      .map((row) => ({ row, x: xOf(row.number), width: Math.max(1, step * 0.72) })),
    snail: snailMarks,
    fruits: [...packed, ...waiting],
    fastY,
    snailY,
  };
}
