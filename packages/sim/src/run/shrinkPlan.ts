// The smallest run that fails as a seed does, on either level.
import { type NodeSeedOptions, type NodeSeedReport, nodePlanOf, runNodeSeed } from "./runNodeSeed.ts";
import { planOf, runSeed, type SeedOptions, type SeedReport } from "./runSeed.ts";
import { firstViolation, type Shrunk, type Symptom, searchSmaller } from "./searchSmaller.ts";

const RUNS_MAX = 200;
/** Each takes seconds. */
const NODE_RUNS_MAX = 60;

/** The smallest failing plan that was found; `null` when the run does not fail. */
export function shrinkPlan(
  options: SeedOptions,
  symptom: Symptom<SeedReport> = firstViolation,
): Shrunk<SeedReport> | null {
  const search = searchSmaller(options.plan ?? planOf(options), symptom, RUNS_MAX);
  let step = search.next();
  while (!step.done) step = search.next(runSeed({ ...options, plan: step.value }));
  return step.value;
}

/** The same for whole nodes. */
export async function shrinkNodePlan(
  options: NodeSeedOptions,
  symptom: Symptom<NodeSeedReport> = firstViolation,
): Promise<Shrunk<NodeSeedReport> | null> {
  const search = searchSmaller(options.plan ?? nodePlanOf(options), symptom, NODE_RUNS_MAX);
  let step = search.next();
  while (!step.done) step = search.next(await runNodeSeed({ ...options, plan: step.value }));
  return step.value;
}
