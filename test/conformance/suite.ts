import type { Engine, RuleSet } from "@festina/tvm";

/** What a suite made of its tests; the form of the JSON report. */
export interface SuiteCounts {
  passed: number;
  failed: number;
  /** What this chain does not have: blob transactions, key derivations. By reason below. */
  refused: number;
  /** Tests of a kind, or with expectations, that the suite does not judge. */
  skipped: number;
  /** Passed or failed, but on the next engine: the chosen one broke. */
  fellBack: number;
  /** At most FAILURES_MAX of them. */
  readonly failures: { readonly name: string; readonly reason: string }[];
  /** How often each reason was given for what was refused, skipped or fell back. */
  readonly reasons: Record<string, number>;
  /** Tests whose expectation is of older rules, and what the newer ones say instead. */
  readonly differences: { readonly name: string; readonly reason: string }[];
}

export type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed" | "refused" | "skipped"; readonly reason: string }
  /** Judged by later rules than the expectation's: counted as skipped, and listed. */
  | { readonly kind: "differs"; readonly reason: string };

export interface SuiteOptions {
  readonly engine: Engine;
  readonly rules: RuleSet;
  /** One test in so many. */
  readonly every: number;
  /** Only files with this text in their path. */
  readonly only: string;
}

/** Runs the tests that a folder has, one file in memory at a time. */
export type Suite = (folder: string, options: SuiteOptions, tally: Tally) => Promise<void>;

const FAILURES_MAX = 1_000;

export class Tally {
  readonly counts: SuiteCounts = {
    passed: 0,
    failed: 0,
    refused: 0,
    skipped: 0,
    fellBack: 0,
    failures: [],
    reasons: {},
    differences: [],
  };
  #seen = 0;

  /** Whether the next test is one of the sample. */
  isNext(every: number): boolean {
    return this.#seen++ % every === 0;
  }

  count(name: string, verdict: Verdict): void {
    const { counts } = this;
    switch (verdict.kind) {
      case "passed":
        counts.passed += 1;
        return;
      case "failed":
        counts.failed += 1;
        if (counts.failures.length < FAILURES_MAX) counts.failures.push({ name, reason: verdict.reason });
        return;
      case "differs":
        counts.skipped += 1;
        if (counts.differences.length < FAILURES_MAX) counts.differences.push({ name, reason: verdict.reason });
        return;
      case "refused":
      case "skipped":
        counts[verdict.kind] += 1;
        this.#explain(verdict.reason);
    }
  }

  countFallBack(reason: string): void {
    this.counts.fellBack += 1;
    this.#explain(`fell back: ${reason}`);
  }

  #explain(reason: string): void {
    this.counts.reasons[reason] = (this.counts.reasons[reason] ?? 0) + 1;
  }
}

/** A throw is a failure of the test, told by its message. */
export async function judge(test: () => Promise<Verdict> | Verdict): Promise<Verdict> {
  try {
    return await test();
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
