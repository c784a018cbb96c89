// `festina simulate`: runs of the whole network by seed, with faults, judged by what must never happen.
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type Profile, runSeeds, type SeedsReport } from "@festina/sim";
import { CliError } from "../output/cliError.ts";
import type { CommandContext } from "./context.ts";
import { simulateNodes } from "./simulate/simulateNodes.ts";
import { simulateRecovery } from "./simulate/simulateRecovery.ts";
import { CORE_LEVEL, NODE_LEVEL, tellSeed } from "./simulate/tellSeed.ts";

export interface SimulateOptions {
  /** `A..B`, or one number. */
  readonly seeds?: string;
  readonly seed?: number;
  readonly nodes?: number;
  readonly profile: Profile;
  readonly level: "core" | "node";
  /** Name of a case; on the level of whole nodes. */
  readonly recovery?: string;
  /** Seats of the dishonest: up to f, or one more. */
  readonly byzantineWeight: "f" | "f+1";
  readonly explain?: boolean;
  readonly shrink?: boolean;
  readonly html?: string;
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

function runMany(
  context: CommandContext,
  range: { readonly from: number; readonly to: number },
  options: SimulateOptions,
): number {
  let toldMs = performance.now();
  const report = runSeeds({
    ...range,
    ...seedOptionsOf(options),
    nowMs: () => performance.now(),
    onSeed: ({ seed, violations }) => {
      for (const { invariant, what } of violations.slice(0, 1))
        context.print(`seed ${seed}: BROKEN ${invariant}: ${what}`);
      if (performance.now() - toldMs < PROGRESS_MS) return;
      toldMs = performance.now();
      context.printError(`seed ${seed} of ${range.to} ...`);
    },
  });
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  printFaults(context, report);
  context.print(summarize(report));
  return report.failed === 0 ? 0 : 1;
}

function seedOptionsOf({ profile, nodes, byzantineWeight }: SimulateOptions) {
  return {
    profile,
    excessSeats: byzantineWeight === "f+1" ? 1 : 0,
    ...(nodes === undefined ? {} : { members: nodes }),
  };
}

/** Answers with the exit code: 1 when something happened that must not. */
export function simulate(context: CommandContext, options: SimulateOptions): number | Promise<number> {
  const range = rangeOf(options);
  const { explain = false, shrink = false, html, json, recovery, level } = options;
  const isTold = explain || shrink || html !== undefined;
  if (recovery !== undefined) {
    if (shrink || html !== undefined)
      throw new CliError("LEVEL_UNSUPPORTED", "--html and --shrink are about seeds, not about --recovery", 2);
    return simulateRecovery(context, { ...options, recovery, ...range });
  }
  if (isTold && range.from !== range.to)
    throw new CliError("SEEDS_INVALID", "--explain, --html and --shrink are about one run: name it by --seed", 2);
  const told = { seed: range.from, ...seedOptionsOf(options) };
  const tell = { explain, shrink, html, json };
  if (level === "node") {
    const { excessSeats } = told;
    return isTold
      ? tellSeed(context, NODE_LEVEL, told, tell)
      : simulateNodes(context, { ...options, ...range, excessSeats });
  }
  return isTold ? tellSeed(context, CORE_LEVEL, told, tell) : runMany(context, range, options);
}
