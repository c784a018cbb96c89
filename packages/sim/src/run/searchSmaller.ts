// Takes pieces of a failing run away as long as it still fails: faults, the dishonest, members, bad links, time. What it
// yields is to be run, and it is told how that went: runs of one level answer at once, those of the other later.
import type { Violation } from "../check/watch.ts";
import { CALM_LINKS, type LinkConditions } from "../world/network.ts";
import type { FaultPlan, Strike } from "./faultPlan.ts";

/** What is wrong with a run, or `null`. A smaller run fails in the same way if the same invariant breaks. */
export type Symptom<Report> = (report: Report) => Violation | null;

export interface Shrunk<Report> {
  readonly plan: FaultPlan;
  readonly report: Report;
  /** Runs that it took. */
  readonly runs: number;
}

export type Search<Report, Result> = Generator<FaultPlan, Result, Report>;

/** A run is not cut closer than this to its first violation. */
const TAIL_MS = 500;
/** With fewer no fault is tolerated. */
const MEMBERS_MIN = 4;
/** What is judged at the end of a run only needs some run: half as long, if that will do. */
const HALVINGS_MAX = 4;

export const firstViolation = ({ violations }: { readonly violations: readonly Violation[] }): Violation | null =>
  violations[0] ?? null;

class Shrinker<Report> {
  readonly #invariant: string;
  readonly #symptom: Symptom<Report>;
  readonly #runsMax: number;
  plan: FaultPlan;
  report: Report;
  runs = 1;

  constructor(plan: FaultPlan, report: Report, symptom: Symptom<Report>, invariant: string, runsMax: number) {
    this.plan = plan;
    this.report = report;
    this.#symptom = symptom;
    this.#invariant = invariant;
    this.#runsMax = runsMax;
  }

  /** Adopts the plan if the run still fails under it in the same way. */
  *attempt(plan: FaultPlan): Search<Report, boolean> {
    if (this.runs >= this.#runsMax) return false;
    this.runs += 1;
    const report = yield plan;
    if (this.#symptom(report)?.invariant !== this.#invariant) return false;
    this.plan = plan;
    this.report = report;
    return true;
  }

  /** Halves first, then ever smaller pieces, down to single ones. */
  *dropStrikes(): Search<Report, void> {
    for (let size = Math.ceil(this.plan.strikes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < this.plan.strikes.length; ) {
        const kept = this.plan.strikes.filter((_, index) => index < at || index >= at + size);
        if (!(yield* this.attempt({ ...this.plan, strikes: kept }))) at += size;
      }
    }
  }

  *shortenStrikes(): Search<Report, void> {
    for (const at of this.plan.strikes.keys()) {
      const strikes = this.plan.strikes.map(
        (strike, index): Strike => (index === at ? { ...strike, lengthMs: strike.lengthMs / 4 } : strike),
      );
      yield* this.attempt({ ...this.plan, strikes });
    }
  }

  *dropFaulty(): Search<Report, void> {
    for (const index of [...this.plan.faulty.keys()]) {
      const faulty = new Map(this.plan.faulty);
      faulty.delete(index);
      yield* this.attempt({ ...this.plan, faulty });
    }
    const { dishonestMiners, ...honest } = this.plan;
    if (dishonestMiners !== undefined) yield* this.attempt(honest);
  }

  /** The last one goes first, with what happens to it: the others keep their numbers. */
  *dropMembers(): Search<Report, void> {
    while (this.plan.members > MEMBERS_MIN) {
      const members = this.plan.members - 1;
      const strikes = this.plan.strikes.filter(({ target }) => target < members);
      const faulty = new Map([...this.plan.faulty].filter(([index]) => index < members));
      if (!(yield* this.attempt({ ...this.plan, members, strikes, faulty }))) return;
    }
  }

  *calmLinks(): Search<Report, void> {
    for (const field of Object.keys(CALM_LINKS) as (keyof LinkConditions)[]) {
      if (this.plan.links[field] === CALM_LINKS[field]) continue;
      yield* this.attempt({ ...this.plan, links: { ...this.plan.links, [field]: CALM_LINKS[field] } });
    }
  }

  /** Liveness is judged over the whole time; everything else at the moment it breaks, or at the end. */
  *cutTime(): Search<Report, void> {
    if (this.#invariant === "I13") return;
    const atMs = this.#symptom(this.report)?.atMs ?? this.plan.endMs;
    if (atMs < this.plan.endMs) {
      const endMs = Math.ceil(atMs) + TAIL_MS;
      if (endMs < this.plan.endMs) yield* this.attempt(this.#until(endMs));
      return;
    }
    for (let halving = 0; halving < HALVINGS_MAX; halving++)
      if (!(yield* this.attempt(this.#until(Math.ceil(this.plan.endMs / 2))))) return;
  }

  #until(endMs: number): FaultPlan {
    return { ...this.plan, stopMs: Math.min(this.plan.stopMs, endMs), endMs };
  }
}

/** Answers with the smallest failing plan that was found; `null` when the run does not fail. */
export function* searchSmaller<Report>(
  plan: FaultPlan,
  symptom: Symptom<Report>,
  runsMax: number,
): Search<Report, Shrunk<Report> | null> {
  const report = yield plan;
  const violation = symptom(report);
  if (violation === null) return null;
  const shrinker = new Shrinker(plan, report, symptom, violation.invariant, runsMax);
  yield* shrinker.cutTime();
  yield* shrinker.dropStrikes();
  yield* shrinker.dropFaulty();
  yield* shrinker.dropMembers();
  yield* shrinker.calmLinks();
  yield* shrinker.shortenStrikes();
  yield* shrinker.cutTime();
  return { plan: shrinker.plan, report: shrinker.report, runs: shrinker.runs };
}
