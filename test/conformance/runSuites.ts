import { OSAKA, type RuleSet } from "@festina/tvm";
import { createConformanceEngine, type EngineName } from "./conformanceEngine.ts";
import { keystoreSuite } from "./keystoreSuite.ts";
import { rlpSuite } from "./rlpSuite.ts";
import { stateSuite } from "./stateSuite.ts";
import { type Suite, type SuiteCounts, Tally } from "./suite.ts";
import { transactionSuite } from "./transactionSuite.ts";
import { trieSuite } from "./trieSuite.ts";
import { truehashSuite } from "./truehashSuite.ts";

export const SUITES = {
  state: stateSuite,
  transaction: transactionSuite,
  rlp: rlpSuite,
  trie: trieSuite,
  keystore: keystoreSuite,
  truehash: truehashSuite,
} as const satisfies Readonly<Record<string, Suite>>;

export type SuiteName = keyof typeof SUITES;

export interface SuiteRun {
  readonly suite: SuiteName;
  /** Folder with the tests. */
  readonly tests: string;
  readonly engine?: EngineName;
  readonly rules?: RuleSet;
  readonly every?: number;
  readonly only?: string;
}

/** What the command and the tests of this folder both run. */
export async function runSuite({ suite, tests, engine: name, rules, every, only }: SuiteRun): Promise<SuiteCounts> {
  const tally = new Tally();
  const engine = createConformanceEngine(name ?? "interpreter", ({ engine: broken, cause }) =>
    tally.countFallBack(`${broken}: ${cause instanceof Error ? cause.message : String(cause)}`),
  );
  await SUITES[suite](tests, { engine, rules: rules ?? OSAKA, every: every ?? 1, only: only ?? "" }, tally);
  return tally.counts;
}
