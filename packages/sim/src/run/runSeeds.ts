// Many seeds, one report.

import type { SignatureSuite } from "@festina/crypto";
import { TraceDigest } from "../world/digest.ts";
import type { Profile } from "./faultPlan.ts";
import { runSeed, type SeedReport } from "./runSeed.ts";

export interface SeedsOptions {
  readonly from: number;
  readonly to: number;
  readonly profile: Profile;
  readonly members?: number;
  readonly excessSeats?: number;
  /** Real signatures instead of tags. */
  readonly suite?: SignatureSuite;
  /** Milliseconds of the machine, to print speeds. */
  readonly nowMs: () => number;
  readonly onSeed?: (report: SeedReport) => void;
}

type Failure = Pick<SeedReport, "seed" | "violations" | "forkedHeights" | "faulty" | "accused" | "convicted">;

export interface SeedsReport {
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  /** How often each kind of fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** Members of each class of mischief, over all seeds. */
  readonly classes: Readonly<Record<string, number>>;
  /** How often those sent other than they should have. */
  readonly acts: Readonly<Record<string, number>>;
  readonly blocks: number;
  readonly epochs: number;
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

function failureOf({ seed, violations, forkedHeights, faulty, accused, convicted }: SeedReport): Failure {
  return { seed, violations, forkedHeights, faulty, accused, convicted };
}

export function runSeeds(options: SeedsOptions): SeedsReport {
  const { from, to, profile, members, excessSeats, suite, nowMs, onSeed } = options;
  const startMs = nowMs();
  const digest = new TraceDigest();
  const faults: Record<string, number> = {};
  const classes: Record<string, number> = {};
  const acts: Record<string, number> = {};
  const failures: Failure[] = [];
  const sums = {
    blocks: 0,
    epochs: 0,
    skippedViews: 0,
    events: 0,
    simulatedMs: 0,
    livenessJudged: 0,
    recoveryMsMax: 0,
  };
  for (let seed = from; seed <= to; seed++) {
    const report = runSeed({
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
    sums.blocks += report.height;
    sums.epochs += report.epochs;
    sums.skippedViews += report.skippedViews;
    sums.events += report.events;
    sums.simulatedMs += report.simulatedMs;
    if (report.isLivenessJudged) {
      sums.livenessJudged += 1;
      sums.recoveryMsMax = Math.max(sums.recoveryMsMax, report.recoveryMs ?? 0);
    }
    if (report.violations.length > 0) failures.push(failureOf(report));
    onSeed?.(report);
  }
  const wallSeconds = (nowMs() - startMs) / 1_000;
  const { simulatedMs, ...counts } = sums;
  return {
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
    simulatedSeconds: simulatedMs / 1_000,
    wallSeconds,
    simulatedPerWall: simulatedMs / 1_000 / wallSeconds,
    eventsPerSecond: sums.events / wallSeconds,
    digest: digest.hex,
  };
}
