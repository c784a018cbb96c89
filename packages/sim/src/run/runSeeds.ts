import { runSeed, type SeedOptions, type SeedReport } from "./runSeed.ts";
import { type SeedRange, type SeedSums, SeedTally } from "./seedTally.ts";

export interface SeedsOptions extends SeedRange, Pick<SeedOptions, "members" | "excessSeats" | "suite"> {
  /** Milliseconds of the machine, to print speeds. */
  readonly nowMs: () => number;
  readonly onSeed?: (report: SeedReport) => void;
}

type Failure = Pick<SeedReport, "seed" | "violations" | "forkedHeights" | "faulty" | "accused" | "convicted">;

export type SeedsReport = SeedSums<Failure>;

function failureOf({ seed, violations, forkedHeights, faulty, accused, convicted }: SeedReport): Failure {
  return { seed, violations, forkedHeights, faulty, accused, convicted };
}

/** Many seeds on the level of the consensus core, one report. */
export function runSeeds({ nowMs, onSeed, from, to, ...options }: SeedsOptions): SeedsReport {
  const tally = new SeedTally({ from, to, profile: options.profile }, nowMs, failureOf);
  for (let seed = from; seed <= to; seed++) {
    const report = runSeed({ seed, ...options });
    tally.add(report);
    onSeed?.(report);
  }
  return tally.sums();
}
