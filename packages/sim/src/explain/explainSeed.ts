// Runs a seed once more and tells what happened in it.
import { MINERS, type NodeSeedOptions, type NodeSeedReport, nodePlanOf, runNodeSeed } from "../run/runNodeSeed.ts";
import { planOf, runSeed, type SeedOptions, type SeedReport } from "../run/runSeed.ts";
import { type Explanation, explainRun, TraceKeeper } from "./explanation.ts";
import { nameOfProcess } from "./traceLine.ts";

export function explainSeed(options: SeedOptions): Explanation<SeedReport> {
  const plan = options.plan ?? planOf(options);
  const { trace, lines } = new TraceKeeper();
  const report = runSeed({ ...options, plan, trace });
  const title = `seed ${options.seed}, ${options.profile}, ${plan.members} members`;
  return explainRun(report, { title, plan, processes: plan.members, nameOf: nameOfProcess(plan.members), lines });
}

export async function explainNodeSeed(options: NodeSeedOptions): Promise<Explanation<NodeSeedReport>> {
  const plan = options.plan ?? nodePlanOf(options);
  const { trace, lines } = new TraceKeeper();
  const report = await runNodeSeed({ ...options, plan, trace });
  const title = `seed ${options.seed}, ${options.profile}, ${plan.members} members and ${MINERS} miners, whole nodes`;
  const processes = plan.members + MINERS;
  return explainRun(report, { title, plan, processes, nameOf: nameOfProcess(plan.members), lines });
}
