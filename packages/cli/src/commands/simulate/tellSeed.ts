// One simulated run in detail: what happened in it, and the smallest run that fails as it does.
import { writeFileSync } from "node:fs";
import {
  describePlan,
  type Explanation,
  explainNodeSeed,
  explainSeed,
  type FaultPlan,
  runNodeSeed,
  runSeed,
  type Shrunk,
  shrinkNodePlan,
  shrinkPlan,
  type Violation,
} from "@festina/sim";
import type { CommandContext } from "../context.ts";

export interface TellOptions {
  /** The timeline, line by line. */
  readonly explain: boolean;
  /** Takes away what the failure does not need, first. */
  readonly shrink: boolean;
  /** File for a sequence chart. */
  readonly html: string | undefined;
  /** File for the report of the run that is told. */
  readonly json: string | undefined;
}

interface ToldSeed {
  readonly seed: number;
  readonly plan?: FaultPlan;
}

interface ToldReport extends ToldSeed {
  readonly violations: readonly Violation[];
  readonly accused: readonly number[];
  readonly digest: string;
}

/** How runs of one level are made. */
export interface SeedLevel<Options extends ToldSeed> {
  run(options: Options): ToldReport | Promise<ToldReport>;
  explain(options: Options): Explanation<ToldReport> | Promise<Explanation<ToldReport>>;
  shrink(options: Options): Shrunk<ToldReport> | null | Promise<Shrunk<ToldReport> | null>;
}

export const CORE_LEVEL = {
  run: runSeed,
  explain: explainSeed,
  shrink: (options) => shrinkPlan(options),
} satisfies SeedLevel<Parameters<typeof runSeed>[0]>;

export const NODE_LEVEL = {
  run: runNodeSeed,
  explain: explainNodeSeed,
  shrink: (options) => shrinkNodePlan(options),
} satisfies SeedLevel<Parameters<typeof runNodeSeed>[0]>;

/** The options with the smallest plan that fails as the seed does; the same where it does not fail. */
async function shrunk<Options extends ToldSeed>(
  context: CommandContext,
  level: SeedLevel<Options>,
  options: Options,
): Promise<Options> {
  const smaller = await level.shrink(options);
  if (smaller === null) {
    context.print(`seed ${options.seed}: nothing to shrink, it passes`);
    return options;
  }
  context.print(`seed ${options.seed}: the smallest failing run found in ${smaller.runs} runs:`);
  for (const line of describePlan(smaller.plan)) context.print(`  ${line}`);
  return { ...options, plan: smaller.plan };
}

/** Answers with the exit code: 1 when something happened that must not. */
export async function tellSeed<Options extends ToldSeed>(
  context: CommandContext,
  level: SeedLevel<Options>,
  asked: Options,
  tell: TellOptions,
): Promise<number> {
  const options = tell.shrink ? await shrunk(context, level, asked) : asked;
  const isDrawn = tell.explain || tell.html !== undefined;
  const explanation = isDrawn ? await level.explain(options) : null;
  const report = explanation?.report ?? (await level.run(options));
  if (tell.explain) for (const line of explanation?.text ?? []) context.print(line);
  else for (const { invariant, what } of report.violations) context.print(`BROKEN ${invariant}: ${what}`);
  if (tell.html !== undefined) writeFileSync(tell.html, explanation?.html ?? "");
  if (tell.json !== undefined) writeFileSync(tell.json, `${JSON.stringify(report, null, 2)}\n`);
  const { seed, violations, accused, digest } = report;
  if (accused.length > 0) context.print(`proof against: ${accused.map((index) => `member ${index}`).join(", ")}`);
  context.print(`seed ${seed}: ${violations.length} violations, digest ${digest}`);
  return violations.length === 0 ? 0 : 1;
}
