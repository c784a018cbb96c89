import { type NodeSeedOptions, type NodeSeedReport, runNodeSeed } from "./runNodeSeed.ts";
import { addInto, type SeedRange, type SeedSums, SeedTally } from "./seedTally.ts";

export interface NodeSeedsOptions extends SeedRange, Pick<NodeSeedOptions, "members" | "excessSeats" | "suite"> {
  /** Milliseconds of the machine, to print speeds. */
  readonly nowMs: () => number;
  readonly onSeed?: (report: NodeSeedReport) => void;
}

type Failure = Pick<NodeSeedReport, "seed" | "violations" | "faulty" | "accused">;

function failureOf({ seed, violations, faulty, accused }: NodeSeedReport): Failure {
  return { seed, violations, faulty, accused };
}

/** What only whole nodes have. */
type NodeCounts = Pick<NodeSeedReport, "elections" | "snailBlocks" | "fruits" | "transactions">;

function countsOf({ elections, snailBlocks, fruits, transactions }: NodeSeedReport): NodeCounts {
  return { elections, snailBlocks, fruits, transactions };
}

export interface NodeSeedsReport extends SeedSums<Failure>, NodeCounts {
  readonly level: "node";
}

/** Many seeds on the level of whole nodes, one report. */
export async function runNodeSeeds(given: NodeSeedsOptions): Promise<NodeSeedsReport> {
  const { nowMs, onSeed, from, to, ...options } = given;
  const tally = new SeedTally({ from, to, profile: options.profile }, nowMs, failureOf);
  const counts = { elections: 0, snailBlocks: 0, fruits: 0, transactions: 0 };
  for (let seed = from; seed <= to; seed++) {
    const report = await runNodeSeed({ seed, ...options });
    tally.add(report);
    addInto(counts, countsOf(report));
    onSeed?.(report);
  }
  return { level: "node", ...tally.sums(), ...counts };
}
