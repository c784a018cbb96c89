// `festina simulate --level node`: whole nodes instead of consensus alone.
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type NodeSeedReport, type NodeSeedsReport, type Profile, runNodeSeeds } from "@festina/sim";
import type { CommandContext } from "../context.ts";

export interface SimulateNodesOptions {
  readonly from: number;
  readonly to: number;
  readonly nodes?: number;
  readonly profile: Profile;
  readonly excessSeats: number;
  readonly json?: string;
}

const PROGRESS_MS = 10_000;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`;

function list(counts: Readonly<Record<string, number>>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

function summarize(report: NodeSeedsReport): string {
  const { passed, failed, blocks, epochs, snailBlocks, fruits, transactions, skippedViews } = report;
  return (
    `simulate: ${passed} seeds passed, ${failed} failed; ${blocks} blocks, ${epochs} epochs, ${snailBlocks} snail blocks, ` +
    `${fruits} fruits, ${transactions} transactions, ${skippedViews} skipped views seen; ` +
    `${report.simulatedPerWall.toFixed(1)} simulated seconds a second, ${Math.round(report.eventsPerSecond)} events/s; ` +
    `digest ${report.digest}`
  );
}

function printBroken(context: CommandContext, { seed, violations }: NodeSeedReport): void {
  for (const { invariant, what, atMs } of violations.slice(0, 1))
    context.print(`seed ${seed}: BROKEN ${invariant} at ${seconds(atMs)}: ${what}`);
}

/** Answers with the exit code: 1 when something happened that must not. */
export async function simulateNodes(context: CommandContext, options: SimulateNodesOptions): Promise<number> {
  const { from, to, nodes, profile, excessSeats } = options;
  let toldMs = performance.now();
  const report = await runNodeSeeds({
    from,
    to,
    profile,
    excessSeats,
    ...(nodes === undefined ? {} : { members: nodes }),
    nowMs: () => performance.now(),
    onSeed: (seedReport) => {
      printBroken(context, seedReport);
      if (performance.now() - toldMs < PROGRESS_MS) return;
      toldMs = performance.now();
      context.printError(`seed ${seedReport.seed} of ${to} ...`);
    },
  });
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  context.print(`faults: ${list(report.faults)}`);
  context.print(`dishonest processes: ${list(report.classes)}; their acts: ${list(report.acts)}`);
  context.print(summarize(report));
  return report.failed === 0 ? 0 : 1;
}
