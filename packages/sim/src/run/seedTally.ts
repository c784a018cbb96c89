import { TraceDigest } from "../world/digest.ts";
import type { Profile } from "./faultPlan.ts";
import type { SeedReport } from "./runSeed.ts";

/** What the reports of both levels have in common, of one seed. */
type TalliedReport = Pick<
  SeedReport,
  | "digest"
  | "violations"
  | "height"
  | "epochs"
  | "skippedViews"
  | "events"
  | "isLivenessJudged"
  | "recoveryMs"
  | "simulatedMs"
  | "faults"
  | "classes"
  | "acts"
>;

export interface SeedRange {
  readonly from: number;
  readonly to: number;
  readonly profile: Profile;
}

/** What the runs of a range of seeds add up to, on either level. */
export interface SeedSums<Failure> extends SeedRange {
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

export function addInto(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}

/** Adds up the reports of a range of seeds, which come in its order. */
export class SeedTally<Report extends TalliedReport, Failure> {
  readonly #range: SeedRange;
  readonly #failureOf: (report: Report) => Failure;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #digest = new TraceDigest();
  readonly #faults: Record<string, number> = {};
  readonly #classes: Record<string, number> = {};
  readonly #acts: Record<string, number> = {};
  readonly #failures: Failure[] = [];
  readonly #counts = { blocks: 0, epochs: 0, skippedViews: 0, events: 0, livenessJudged: 0, recoveryMsMax: 0 };
  #simulatedMs = 0;

  /** @param nowMs milliseconds of the machine, to tell speeds; the time of the runs begins here */
  constructor({ from, to, profile }: SeedRange, nowMs: () => number, failureOf: (report: Report) => Failure) {
    this.#range = { from, to, profile };
    this.#failureOf = failureOf;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  add(report: Report): void {
    this.#digest.text(report.digest);
    addInto(this.#faults, report.faults);
    addInto(this.#classes, report.classes);
    addInto(this.#acts, report.acts);
    this.#counts.blocks += report.height;
    this.#counts.epochs += report.epochs;
    this.#counts.skippedViews += report.skippedViews;
    this.#counts.events += report.events;
    this.#simulatedMs += report.simulatedMs;
    if (report.isLivenessJudged) {
      this.#counts.livenessJudged += 1;
      this.#counts.recoveryMsMax = Math.max(this.#counts.recoveryMsMax, report.recoveryMs ?? 0);
    }
    if (report.violations.length > 0) this.#failures.push(this.#failureOf(report));
  }

  sums(): SeedSums<Failure> {
    const { from, to } = this.#range;
    const wallSeconds = (this.#nowMs() - this.#startMs) / 1_000;
    const simulatedSeconds = this.#simulatedMs / 1_000;
    return {
      ...this.#range,
      passed: to - from + 1 - this.#failures.length,
      failed: this.#failures.length,
      failures: this.#failures,
      faults: this.#faults,
      classes: this.#classes,
      acts: this.#acts,
      ...this.#counts,
      simulatedSeconds,
      wallSeconds,
      simulatedPerWall: simulatedSeconds / wallSeconds,
      eventsPerSecond: this.#counts.events / wallSeconds,
      digest: this.#digest.hex,
    };
  }
}
