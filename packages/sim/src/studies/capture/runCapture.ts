// How often an attacker gets more than a third of the seats, with one key or with the best splitting the study can find.
import { createStreams, type Streams } from "../../world/streams.ts";
import { formatTable, percent } from "../output/table.ts";
import type { StudyOptions, StudyReport } from "../study.ts";
import { auditElection, drawReal } from "./auditDraw.ts";
import { type HonestField, type KeyLayout, type KeySplit, layKeys, ONE_KEY, SPLITS } from "./keyLayout.ts";
import { createLineDraw, type Draw } from "./lineDraw.ts";
import { ATTACKER_SHARES, faultySeatsMax, lotteryCaptureRate, SEAT_COUNTS } from "./referenceRates.ts";

/** Splittings are compared over this part of the elections. */
const SEARCH_PART = 0.05;
/** Of each line-up, elections drawn by the node's own code too: one in so many, within bounds. */
const AUDITED_OF = 1_000;
const AUDITED_MAX = 20;
const EQUAL_ELECTIONS = 500;
const EQUAL_MEMBERS = 4;
const EQUAL_WORK_MAX = 1_000_000_000;
const EQUAL_SEATS_MAX = 75;
/** Splitting into 10 or 100 keys may change expected seats by no more. */
const MEAN_CHANGE_MAX = 0.01;
const COMPARED_KEYS: readonly number[] = [10, 100];
const FIELDS: readonly HonestField[] = ["uneven", "fine"];
const HASH_BYTES = 32;

/** Draws in another way, to see that the study tells. */
export type PlantedDraw = typeof createLineDraw;

interface Tally {
  readonly split: KeySplit;
  /** By count of seats. */
  readonly captured: readonly number[];
  readonly meanSeats: readonly number[];
}

interface Cell {
  readonly share: number;
  readonly field: HonestField;
  readonly seats: number;
  readonly lottery: number;
  readonly oneKey: number;
  readonly best: number;
  readonly bestSplit: string;
}

export function runCapture(options: StudyOptions, createDraw: PlantedDraw = createLineDraw): StudyReport {
  const { seed, size, onProgress } = options;
  const streams = createStreams(seed);
  const audited = Math.max(1, Math.min(AUDITED_MAX, Math.floor(size / AUDITED_OF)));
  const findings: string[] = [];
  const cells: Cell[] = [];
  const changes: { readonly share: number; readonly keys: number; readonly change: number }[] = [];
  for (const field of FIELDS) {
    for (const share of ATTACKER_SHARES) {
      onProgress(`${percent(share, 0)} of the work, ${field} honest field`);
      const hold = (split: KeySplit, elections: number, subject: string): Tally =>
        tally(
          layKeys(share, split, field),
          split,
          elections,
          streams(`${subject} ${field} ${share} ${split.name}`),
          createDraw,
        );
      findings.push(...audit(share, field, streams, audited));
      const searched = SPLITS.map((split) => hold(split, Math.max(1, Math.round(size * SEARCH_PART)), "search"));
      const chosen = new Set(SEAT_COUNTS.map((_, index) => bestOf(searched, index).split));
      const known = new Map<KeySplit, Tally>();
      const full = (split: KeySplit): Tally => {
        const tallied = known.get(split) ?? hold(split, size, "final");
        known.set(split, tallied);
        return tallied;
      };
      const one = full(ONE_KEY);
      const finals = [one, ...[...chosen].map(full)];
      for (const [index, seats] of SEAT_COUNTS.entries()) {
        const best = bestOf(finals, index);
        cells.push({
          ...{ share, field, seats },
          lottery: lotteryCaptureRate(seats, share),
          oneKey: (one.captured[index] ?? 0) / size,
          best: (best.captured[index] ?? 0) / size,
          bestSplit: best.split.name,
        });
      }
      if (field === "uneven") changes.push(...meanChanges(share, one, full));
    }
  }
  for (const { share, keys, change } of changes)
    if (!(Math.abs(change) < MEAN_CHANGE_MAX))
      findings.push(`${keys} keys change the expected seats of ${percent(share, 0)} of the work by ${percent(change)}`);
  findings.push(...judgeEquals(streams));
  return reportOn(size, audited * SPLITS.length * ATTACKER_SHARES.length * FIELDS.length, cells, changes, findings);
}

function tally(
  layout: KeyLayout,
  split: KeySplit,
  elections: number,
  dice: ReturnType<Streams>,
  createDraw: PlantedDraw,
): Tally {
  const draw: Draw = createDraw(layout, SEAT_COUNTS, dice);
  const held = new Int32Array(SEAT_COUNTS.length);
  const captured = SEAT_COUNTS.map(() => 0);
  const sums = SEAT_COUNTS.map(() => 0);
  for (let election = 0; election < elections; election++) {
    draw(held);
    for (let index = 0; index < SEAT_COUNTS.length; index++) {
      const seats = held[index] as number;
      sums[index] = (sums[index] as number) + seats;
      if (seats > faultySeatsMax(SEAT_COUNTS[index] as number)) captured[index] = (captured[index] as number) + 1;
    }
  }
  return { split, captured, meanSeats: sums.map((sum) => sum / elections) };
}

function bestOf(tallies: readonly Tally[], index: number): Tally {
  return tallies.reduce((best, each) => ((each.captured[index] ?? 0) > (best.captured[index] ?? 0) ? each : best));
}

/** Of expected seats at the most seats, where they are finest. */
function meanChanges(share: number, one: Tally, hold: (split: KeySplit) => Tally) {
  const last = SEAT_COUNTS.length - 1;
  return COMPARED_KEYS.map((keys) => {
    const split = SPLITS.find((each) => each.keys === keys && each.bigPart === 0) ?? ONE_KEY;
    return { share, keys, change: (hold(split).meanSeats[last] ?? 0) / (one.meanSeats[last] ?? 0) - 1 };
  });
}

function audit(share: number, field: HonestField, streams: Streams, audited: number): readonly string[] {
  return SPLITS.flatMap((split) => {
    const layout = layKeys(share, split, field);
    const dice = streams(`audit ${field} ${share} ${split.name}`);
    for (let election = 0; election < audited; election++) {
      const broken = auditElection(layout, dice.pick(SEAT_COUNTS), dice);
      if (broken !== null) return [broken];
    }
    return [];
  });
}

/** Four members with the same work hold the same seats, whatever the seed. */
function judgeEquals(streams: Streams): readonly string[] {
  const dice = streams("equals");
  for (let election = 0; election < EQUAL_ELECTIONS; election++) {
    const seats = EQUAL_MEMBERS * (1 + dice.below(EQUAL_SEATS_MAX));
    const work = 1 + dice.below(EQUAL_WORK_MAX);
    const works = Array.from({ length: EQUAL_MEMBERS }, () => work);
    const { members } = drawReal(works, seats, dice.bytes(HASH_BYTES)).committee;
    const held = members.map((member) => member.seats);
    if (held.length !== EQUAL_MEMBERS || held.some((count) => count !== seats / EQUAL_MEMBERS))
      return [`four equal members hold ${held.join(", ")} of ${seats} seats`];
  }
  return [];
}

const shown = (rate: number): string => (rate === 0 ? "0" : rate < 0.001 ? rate.toExponential(1) : rate.toFixed(4));

function tableOf(title: string, cells: readonly Cell[], show: (cell: Cell) => string): readonly string[] {
  return formatTable(
    [title, ...ATTACKER_SHARES.map((share) => percent(share, 0))],
    SEAT_COUNTS.map((seats) => [
      `${seats} seats`,
      ...ATTACKER_SHARES.map((share) => {
        const cell = cells.find((each) => each.seats === seats && each.share === share);
        return cell === undefined ? "" : show(cell);
      }),
    ]),
  );
}

function reportOn(
  elections: number,
  audits: number,
  cells: readonly Cell[],
  changes: readonly { readonly share: number; readonly keys: number; readonly change: number }[],
  findings: readonly string[],
): StudyReport {
  const uneven = cells.filter(({ field }) => field === "uneven");
  const fine = cells.filter(({ field }) => field === "fine");
  return {
    findings,
    lines: [
      `chance that one election gives an attacker more than a third of the seats, ${elections} elections a cell`,
      "",
      ...tableOf("lottery with replacement (reference)", uneven, ({ lottery }) => shown(lottery)),
      "",
      ...tableOf("one key, 20 uneven honest validators", uneven, ({ oneKey }) => shown(oneKey)),
      "",
      ...tableOf("best splitting found", uneven, ({ best }) => shown(best)),
      "",
      ...tableOf("its keys", uneven, ({ best, bestSplit }) => (best === 0 ? "-" : bestSplit)),
      "",
      ...tableOf("one key, 200 equal honest validators", fine, ({ oneKey }) => shown(oneKey)),
      "",
      ...tableOf("best splitting found", fine, ({ best }) => shown(best)),
      "",
      ...formatTable(
        ["expected seats by splitting, of 300", ...COMPARED_KEYS.map((keys) => `${keys} keys`)],
        ATTACKER_SHARES.map((share) => [
          percent(share, 0),
          ...COMPARED_KEYS.map((keys) =>
            percent(changes.find((each) => each.share === share && each.keys === keys)?.change ?? 0, 3),
          ),
        ]),
      ),
      "",
      `${audits} elections drawn by the node's own code, seat by seat the same; ` +
        `four equal members in ${EQUAL_ELECTIONS} elections`,
    ],
    figures: { elections, audits, cells, changes },
    charts: [
      {
        name: "capture",
        title: "Captured elections by seats, best splitting found",
        xLabel: "seats",
        yLabel: "rate",
        isLogarithmic: true,
        series: ATTACKER_SHARES.map((share) => ({
          name: `${percent(share, 0)} of the work`,
          points: uneven.filter((cell) => cell.share === share).map(({ seats, best }) => [seats, best] as const),
        })),
      },
    ],
  };
}
