// Takes pieces of a failing run away as long as it still fails: faults, dishonest members, members, bad links, time.
import type { Violation } from "../check/watch.ts";
import { CALM_LINKS, type LinkConditions } from "../world/network.ts";
import type { FaultPlan, Strike } from "./faultPlan.ts";
import { planOf, runSeed, type SeedOptions, type SeedReport } from "./runSeed.ts";

/** What is wrong with a run, or `null`. A smaller run fails in the same way if the same invariant breaks. */
export type Symptom = (report: SeedReport) => Violation | null;

export interface Shrunk {
  readonly plan: FaultPlan;
  readonly report: SeedReport;
  /** Runs that it took. */
  readonly runs: number;
}

const RUNS_MAX = 200;
/** A run is not cut closer than this to its first violation. */
const TAIL_MS = 500;
/** With fewer no fault is tolerated. */
const MEMBERS_MIN = 4;

const firstViolation: Symptom = ({ violations }) => violations[0] ?? null;

class Shrinker {
  readonly #options: SeedOptions;
  readonly #invariant: string;
  readonly #symptom: Symptom;
  plan: FaultPlan;
  report: SeedReport;
  runs = 1;

  constructor(options: SeedOptions, plan: FaultPlan, report: SeedReport, symptom: Symptom, invariant: string) {
    this.#options = options;
    this.#symptom = symptom;
    this.#invariant = invariant;
    this.plan = plan;
    this.report = report;
  }

  /** Adopts the plan if the run still fails under it in the same way. */
  attempt(plan: FaultPlan): boolean {
    if (this.runs >= RUNS_MAX) return false;
    this.runs += 1;
    const report = runSeed({ ...this.#options, plan });
    if (this.#symptom(report)?.invariant !== this.#invariant) return false;
    this.plan = plan;
    this.report = report;
    return true;
  }

  /** Halves first, then ever smaller pieces, down to single ones. */
  dropStrikes(): void {
    for (let size = Math.ceil(this.plan.strikes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < this.plan.strikes.length; ) {
        const kept = this.plan.strikes.filter((_, index) => index < at || index >= at + size);
        if (!this.attempt({ ...this.plan, strikes: kept })) at += size;
      }
    }
  }

  shortenStrikes(): void {
    this.plan.strikes.forEach((strike, at) => {
      const shorter: Strike = { ...strike, lengthMs: strike.lengthMs / 4 };
      this.attempt({ ...this.plan, strikes: this.plan.strikes.map((each, index) => (index === at ? shorter : each)) });
    });
  }

  dropFaulty(): void {
    for (const index of [...this.plan.faulty.keys()]) {
      const faulty = new Map(this.plan.faulty);
      faulty.delete(index);
      this.attempt({ ...this.plan, faulty });
    }
  }

  /** The last one goes first, with what happens to it: the others keep their numbers. */
  dropMembers(): void {
    while (this.plan.members > MEMBERS_MIN) {
      const members = this.plan.members - 1;
      const strikes = this.plan.strikes.filter(({ target }) => target < members);
      const faulty = new Map([...this.plan.faulty].filter(([index]) => index < members));
      if (!this.attempt({ ...this.plan, members, strikes, faulty })) return;
    }
  }

  calmLinks(): void {
    for (const field of Object.keys(CALM_LINKS) as (keyof LinkConditions)[]) {
      if (this.plan.links[field] === CALM_LINKS[field]) continue;
      this.attempt({ ...this.plan, links: { ...this.plan.links, [field]: CALM_LINKS[field] } });
    }
  }

  /** Liveness is judged over the whole time; everything else at the moment it breaks. */
  cutTime(): void {
    if (this.#invariant === "I13") return;
    const atMs = this.#symptom(this.report)?.atMs ?? this.plan.endMs;
    const endMs = Math.min(this.plan.endMs, Math.ceil(atMs) + TAIL_MS);
    this.attempt({ ...this.plan, stopMs: Math.min(this.plan.stopMs, endMs), endMs });
  }
}

/** The smallest failing plan that was found; `null` when the run does not fail. */
export function shrinkPlan(options: SeedOptions, symptom: Symptom = firstViolation): Shrunk | null {
  const plan = options.plan ?? planOf(options);
  const report = runSeed({ ...options, plan });
  const violation = symptom(report);
  if (violation === null) return null;
  const shrinker = new Shrinker(options, plan, report, symptom, violation.invariant);
  shrinker.cutTime();
  shrinker.dropStrikes();
  shrinker.dropFaulty();
  shrinker.dropMembers();
  shrinker.calmLinks();
  shrinker.shortenStrikes();
  shrinker.cutTime();
  return { plan: shrinker.plan, report: shrinker.report, runs: shrinker.runs };
}
