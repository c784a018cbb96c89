// Many seeds on the level of whole nodes, one report.
import type { SignatureSuite } from "@festina/crypto";
import { TraceDigest } from "../world/digest.ts";
import type { Profile } from "./faultPlan.ts";
import { type NodeSeedReport, runNodeSeed } from "./runNodeSeed.ts";

export interface NodeSeedsOptions {
  readonly from: number;
  readonly to: number;
  readonly profile: Profile;
  readonly members?: number;
  readonly excessSeats?: number;
  readonly suite?: SignatureSuite;
  /** Milliseconds of the machine, to print speeds. */
  readonly nowMs: () => number;
  readonly onSeed?: (report: NodeSeedReport) => void;
}

type Failure = Pick<NodeSeedReport, "seed" | "violations" | "faulty" | "accused">;

const failureOf = ({ seed, violations, faulty, accused }: NodeSeedReport): Failure => ({
  seed,
  violations,
  faulty,
  accused,
});

export interface NodeSeedsReport {
  readonly level: "node";
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  readonly faults: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly blocks: number;
  readonly epochs: number;
  readonly elections: number;
  readonly snailBlocks: number;
  readonly fruits: number;
  readonly transactions: number;
  readonly skippedViews: number;
  readonly events: number;
  /** Runs in which a final block had to follow the faults. */
  readonly livenessJudged: number;
  /** The longest that one of those waited for it. */
  readonly recoveryMsMax: number;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly simulatedPerWall: number;
  readonly eventsPerSecond: number;
  /** Over the digests of all seeds, in order. */
  readonly digest: string;
}

function addInto(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}

function countsOf(report: NodeSeedReport) {
  const {
    height: blocks,
    epochs,
    elections,
    snailBlocks,
    fruits,
    transactions,
    skippedViews,
    events,
    simulatedMs,
  } = report;
  const livenessJudged = report.isLivenessJudged ? 1 : 0;
  return {
    blocks,
    epochs,
    elections,
    snailBlocks,
    fruits,
    transactions,
    skippedViews,
    events,
    simulatedMs,
    livenessJudged,
  };
}

export async function runNodeSeeds(options: NodeSeedsOptions): Promise<NodeSeedsReport> {
  const { from, to, profile, members, excessSeats, suite, nowMs, onSeed } = options;
  const startMs = nowMs();
  const digest = new TraceDigest();
  const [faults, classes, acts]: [Record<string, number>, Record<string, number>, Record<string, number>] = [
    {},
    {},
    {},
  ];
  const failures: Failure[] = [];
  let recoveryMsMax = 0;
  const sums = {
    livenessJudged: 0,
    blocks: 0,
    epochs: 0,
    elections: 0,
    snailBlocks: 0,
    fruits: 0,
    transactions: 0,
    skippedViews: 0,
    events: 0,
    simulatedMs: 0,
  };
  for (let seed = from; seed <= to; seed++) {
    const report = await runNodeSeed({
      seed,
      profile,
      ...(members === undefined ? {} : { members }),
      ...(excessSeats === undefined ? {} : { excessSeats }),
      ...(suite === undefined ? {} : { suite }),
    });
    digest.text(report.digest);
    addInto(faults, report.faults);
    addInto(classes, report.classes);
    addInto(acts, report.acts);
    addInto(sums, countsOf(report));
    if (report.isLivenessJudged) recoveryMsMax = Math.max(recoveryMsMax, report.recoveryMs ?? 0);
    if (report.violations.length > 0) failures.push(failureOf(report));
    onSeed?.(report);
  }
  const wallSeconds = (nowMs() - startMs) / 1_000;
  const { simulatedMs, ...counts } = sums;
  return {
    level: "node",
    profile,
    from,
    to,
    passed: to - from + 1 - failures.length,
    failed: failures.length,
    failures,
    faults,
    classes,
    acts,
    ...counts,
    recoveryMsMax,
    simulatedSeconds: simulatedMs / 1_000,
    wallSeconds,
    simulatedPerWall: simulatedMs / 1_000 / wallSeconds,
    eventsPerSecond: sums.events / wallSeconds,
    digest: digest.hex,
  };
}
