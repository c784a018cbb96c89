// `festina simulate`: runs of the whole network by seed, with faults, judged by what must never happen.
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type Profile, runSeed, runSeeds, type SeedReport, type SeedsReport } from "@festina/sim";
import { CliError } from "../output/cliError.ts";
import type { CommandContext } from "./context.ts";

export interface SimulateOptions {
  /** `A..B`, or one number. */
  readonly seeds?: string;
  readonly seed?: number;
  readonly nodes?: number;
  readonly profile: Profile;
  readonly explain?: boolean;
  readonly json?: string;
}

const SEEDS = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/;
const PROGRESS_MS = 10_000;

function rangeOf({ seeds, seed }: SimulateOptions): { readonly from: number; readonly to: number } {
  if (seed !== undefined && seeds === undefined) return { from: seed, to: seed };
  const match = SEEDS.exec(seeds ?? "");
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || seed !== undefined || to < from)
    throw new CliError("SEEDS_INVALID", "name the runs by one of --seeds A..B and --seed S", 2);
  return { from, to };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3).padStart(8)} s`;

function explain(context: CommandContext, options: SimulateOptions, seed: number): SeedReport {
  return runSeed({
    seed,
    profile: options.profile,
    ...(options.nodes === undefined ? {} : { members: options.nodes }),
    trace: (atMs, who, what) => context.print(`${seconds(atMs)}  ${who < 0 ? "world   " : `member ${who}`}  ${what}`),
  });
}

function summarize(report: SeedsReport): string {
  const { passed, failed, blocks, epochs, skippedViews, simulatedPerWall, eventsPerSecond, digest } = report;
  return (
    `simulate: ${passed} seeds passed, ${failed} failed; ${blocks} blocks, ${epochs} epochs, ${skippedViews} skipped views; ` +
    `${Math.round(simulatedPerWall)} simulated seconds a second, ${Math.round(eventsPerSecond)} events/s; digest ${digest}`
  );
}

function printFaults(context: CommandContext, { faults, classes }: SeedsReport): void {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  context.print(`faults: ${list(faults)}`);
  context.print(`dishonest members: ${list(classes) || "none"}`);
}

/** Answers with the exit code: 1 when something happened that must not. */
export function simulate(context: CommandContext, options: SimulateOptions): number {
  const { from, to } = rangeOf(options);
  if (options.explain === true && from === to) {
    const { violations, digest } = explain(context, options, from);
    for (const { invariant, what } of violations) context.print(`BROKEN ${invariant}: ${what}`);
    context.print(`seed ${from}: ${violations.length} violations, digest ${digest}`);
    return violations.length === 0 ? 0 : 1;
  }
  let toldMs = performance.now();
  const report = runSeeds({
    from,
    to,
    profile: options.profile,
    ...(options.nodes === undefined ? {} : { members: options.nodes }),
    nowMs: () => performance.now(),
    onSeed: ({ seed, violations }) => {
      for (const { invariant, what } of violations.slice(0, 1))
        context.print(`seed ${seed}: BROKEN ${invariant}: ${what}`);
      if (performance.now() - toldMs < PROGRESS_MS) return;
      toldMs = performance.now();
      context.printError(`seed ${seed} of ${to} ...`);
    },
  });
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  printFaults(context, report);
  context.print(summarize(report));
  return report.failed === 0 ? 0 : 1;
}
