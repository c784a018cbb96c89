// `festina simulate --recovery CASE`: networks that recover by proof of work, and what befalls their committee.
import { writeFileSync } from "node:fs";
import { RECOVERY_CASES, type RecoverySeedReport, runRecoverySeed } from "@festina/sim";
import { CliError } from "../../output/cliError.ts";
import type { CommandContext } from "../context.ts";

export interface SimulateRecoveryOptions {
  readonly from: number;
  readonly to: number;
  readonly recovery: string;
  readonly explain?: boolean;
  readonly json?: string;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function summarize({ seed, violations, recoveredMs, hasForked, stranded, height }: RecoverySeedReport): string {
  const course =
    recoveredMs === null ? "no other committee went on" : `another committee went on after ${seconds(recoveredMs)}`;
  const fork = hasForked ? `; the chain has forked, ${stranded} nodes know that they were left behind` : "";
  return `seed ${seed}: ${course}, ${height} blocks${fork}; ${violations.length} violations`;
}

/** Answers with the exit code: 1 when something happened that must not. */
export async function simulateRecovery(context: CommandContext, options: SimulateRecoveryOptions): Promise<number> {
  const name = RECOVERY_CASES.find((known) => known === options.recovery);
  if (name === undefined) throw new CliError("CASE_UNKNOWN", `cases are ${RECOVERY_CASES.join(", ")}`, 2);
  const { from, to, explain = false } = options;
  if (explain && from !== to) throw new CliError("SEEDS_INVALID", "--explain is about one run: name it by --seed", 2);
  const trace = (atMs: number, who: number, what: string): void =>
    context.print(`${seconds(atMs).padStart(9)}  ${who < 0 ? "world " : `node ${who}`}  ${what}`);
  const reports: RecoverySeedReport[] = [];
  for (let seed = from; seed <= to; seed++) {
    const report = await runRecoverySeed({ seed, name, ...(explain ? { trace } : {}) });
    for (const { invariant, what } of report.violations) context.print(`seed ${seed}: BROKEN ${invariant}: ${what}`);
    context.print(summarize(report));
    reports.push(report);
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(({ violations }) => violations.length === 0) ? 0 : 1;
}
