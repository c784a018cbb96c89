// The study of captured elections in short, and that it tells a bad draw.
import { describe, expect, it } from "@jest/globals";
import { layKeys, ONE_KEY, SPLITS } from "../../src/studies/capture/keyLayout.ts";
import { createLineDraw, type Draw } from "../../src/studies/capture/lineDraw.ts";
import { lotteryCaptureRate } from "../../src/studies/capture/referenceRates.ts";
import { runCapture } from "../../src/studies/capture/runCapture.ts";
import { createStreams } from "../../src/world/streams.ts";

const silent = (): void => undefined;
const LONG_MS = 120_000;

interface Cell {
  readonly share: number;
  readonly seats: number;
  readonly lottery: number;
  readonly oneKey: number;
  readonly best: number;
}

describe("the capture study", () => {
  it(
    "gives an attacker with a fifth of the work less than a lottery would, however it splits its keys",
    () => {
      const { findings, figures } = runCapture({ seed: 1, size: 1_000, onProgress: silent });
      expect(findings).toEqual([]);
      const cells = figures["cells"] as readonly Cell[];
      expect(cells).toHaveLength(84);
      for (const { oneKey } of cells.filter(({ share }) => share <= 0.25)) expect(oneKey).toBe(0);
      for (const { best, lottery, seats } of cells.filter(({ share }) => share <= 0.3))
        expect(best).toBeLessThanOrEqual(lottery + 4 * Math.sqrt((lottery + 1 / seats) / 1_000));
    },
    LONG_MS,
  );

  it(
    "reports a draw in which splitting keys gains seats",
    () => {
      // Each key gets at least a seat, however little it worked.
      const generous: typeof createLineDraw = (layout, seatCounts, dice): Draw => {
        const draw = createLineDraw(layout, seatCounts, dice);
        return (held) => {
          draw(held);
          for (const [index, seats] of seatCounts.entries())
            held[index] = Math.min(seats, Math.max(held[index] as number, layout.attackerKeys));
        };
      };
      const { findings } = runCapture({ seed: 1, size: 1_000, onProgress: silent }, generous);
      expect(findings.join("\n")).toMatch(/100 keys change the expected seats of 10 % of the work by 2\d\d/);
    },
    LONG_MS,
  );
});

describe("the lottery of the reference", () => {
  it("has the rates of its table", () => {
    expect(lotteryCaptureRate(7, 0.3)).toBeCloseTo(0.35, 2);
    expect(lotteryCaptureRate(20, 0.2)).toBeCloseTo(8.7e-2, 3);
    expect(lotteryCaptureRate(100, 0.25)).toBeCloseTo(2.8e-2, 3);
    expect(lotteryCaptureRate(300, 0.2) / 4.3e-8).toBeCloseTo(1, 1);
  });
});

describe("the line of keys", () => {
  it.each(SPLITS.map((split) => [split.name, split] as const))("of %s holds all work", (_name, split) => {
    for (const field of ["uneven", "fine"] as const) {
      const { shares, attackerKeys } = layKeys(0.3, split, field);
      const sum = (part: Float64Array): number => part.reduce((total, share) => total + share, 0);
      expect(sum(shares)).toBeCloseTo(1, 12);
      expect(sum(shares.subarray(0, attackerKeys))).toBeCloseTo(0.3, 12);
    }
  });

  it("gives one key the floor or the ceiling of its share", () => {
    const draw = createLineDraw(layKeys(0.25, ONE_KEY, "uneven"), [100], createStreams(5)("line"));
    const held = new Int32Array(1);
    for (let election = 0; election < 200; election++) {
      draw(held);
      // The work of a window varies by luck: a standard deviation is a third of a seat.
      expect(Math.abs((held[0] as number) - 25)).toBeLessThanOrEqual(3);
    }
  });
});
