// Runs a seed once more and tells what happened in it.
import { planOf, runSeed, type SeedOptions, type SeedReport } from "../run/runSeed.ts";
import { describePlan } from "./describePlan.ts";
import { drawSequenceChart } from "./sequenceChart.ts";
import { selectLines } from "./timeline.ts";
import { printTraceLine, type TraceLine, toTraceLine } from "./traceLine.ts";

export interface Explanation {
  readonly report: SeedReport;
  /** The plan in words, then the timeline, then what was broken. */
  readonly text: readonly string[];
  /** A sequence chart of the same, one self-contained file. */
  readonly html: string;
}

/** A run tells at most so much; the newest is kept. */
const LINES_MAX = 200_000;

export function explainSeed(options: SeedOptions): Explanation {
  const plan = options.plan ?? planOf(options);
  const lines: TraceLine[] = [];
  const report = runSeed({
    ...options,
    plan,
    trace: (atMs, who, what) => {
      lines.push(toTraceLine(atMs, who, what));
      if (lines.length > 2 * LINES_MAX) lines.splice(0, LINES_MAX);
    },
  });
  const chosen = selectLines(lines, report.violations[0]?.atMs ?? null);
  const verdict = report.violations.map(
    ({ invariant, what, atMs }) => `BROKEN ${invariant} at ${(atMs / 1_000).toFixed(3)} s: ${what}`,
  );
  const title = `seed ${options.seed}, ${options.profile}, ${plan.members} members`;
  const isBroken = verdict.length > 0;
  return {
    report,
    text: [title, ...describePlan(plan), "", ...chosen.map(printTraceLine), "", ...verdict],
    // Where nothing is broken, what members heard is most of the chart.
    html: drawSequenceChart({ title, members: plan.members, verdict, lines: isBroken ? chosen : lines }),
  };
}
