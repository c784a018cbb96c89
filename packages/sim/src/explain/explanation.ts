// A run in words and as a chart, whatever the level it ran on.
import type { Violation } from "../check/watch.ts";
import type { FaultPlan } from "../run/faultPlan.ts";
import { describePlan } from "./describePlan.ts";
import { drawSequenceChart } from "./sequenceChart.ts";
import { selectLines } from "./timeline.ts";
import { type NameOf, printTraceLine, type TraceLine, toTraceLine } from "./traceLine.ts";

export interface Explanation<Report> {
  readonly report: Report;
  /** The plan in words, then the timeline, then what was broken. */
  readonly text: readonly string[];
  /** A sequence chart of the same, one self-contained file. */
  readonly html: string;
}

/** A run tells at most so much; the newest is kept. */
const LINES_MAX = 200_000;

/** Listens to a run. */
export class TraceKeeper {
  readonly lines: TraceLine[] = [];

  readonly trace = (atMs: number, who: number, what: string): void => {
    this.lines.push(toTraceLine(atMs, who, what));
    if (this.lines.length > 2 * LINES_MAX) this.lines.splice(0, LINES_MAX);
  };
}

export interface ExplainedRun {
  readonly title: string;
  readonly plan: FaultPlan;
  readonly processes: number;
  readonly nameOf: NameOf;
  readonly lines: readonly TraceLine[];
}

export function explainRun<Report extends { readonly violations: readonly Violation[] }>(
  report: Report,
  { title, plan, processes, nameOf, lines }: ExplainedRun,
): Explanation<Report> {
  const chosen = selectLines(lines, report.violations[0]?.atMs ?? null);
  const verdict = report.violations.map(
    ({ invariant, what, atMs }) => `BROKEN ${invariant} at ${(atMs / 1_000).toFixed(3)} s: ${what}`,
  );
  const isBroken = verdict.length > 0;
  return {
    report,
    text: [title, ...describePlan(plan), "", ...chosen.map((line) => printTraceLine(line, nameOf)), "", ...verdict],
    // Where nothing is broken, what they heard is most of the chart.
    html: drawSequenceChart({ title, processes, nameOf, verdict, lines: isBroken ? chosen : lines }),
  };
}
