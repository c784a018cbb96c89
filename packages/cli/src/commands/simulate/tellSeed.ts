// One simulated run in detail: what happened in it, and the smallest run that fails as it does.
import { writeFileSync } from "node:fs";
import { describePlan, explainSeed, runSeed, type SeedOptions, shrinkPlan } from "@festina/sim";
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

/** The options with the smallest plan that fails as the seed does; the same where it does not fail. */
function shrunk(context: CommandContext, options: SeedOptions): SeedOptions {
  const smaller = shrinkPlan(options);
  if (smaller === null) {
    context.print(`seed ${options.seed}: nothing to shrink, it passes`);
    return options;
  }
  context.print(`seed ${options.seed}: the smallest failing run found in ${smaller.runs} runs:`);
  for (const line of describePlan(smaller.plan)) context.print(`  ${line}`);
  return { ...options, plan: smaller.plan };
}

/** Answers with the exit code: 1 when something happened that must not. */
export function tellSeed(context: CommandContext, asked: SeedOptions, tell: TellOptions): number {
  const options = tell.shrink ? shrunk(context, asked) : asked;
  const isDrawn = tell.explain || tell.html !== undefined;
  const explanation = isDrawn ? explainSeed(options) : null;
  const report = explanation?.report ?? runSeed(options);
  if (tell.explain) for (const line of explanation?.text ?? []) context.print(line);
  else for (const { invariant, what } of report.violations) context.print(`BROKEN ${invariant}: ${what}`);
  if (tell.html !== undefined) writeFileSync(tell.html, explanation?.html ?? "");
  if (tell.json !== undefined) writeFileSync(tell.json, `${JSON.stringify(report, null, 2)}\n`);
  const { seed, violations, accused, digest } = report;
  if (accused.length > 0) context.print(`proof against: ${accused.map((index) => `member ${index}`).join(", ")}`);
  context.print(`seed ${seed}: ${violations.length} violations, digest ${digest}`);
  return violations.length === 0 ? 0 : 1;
}
