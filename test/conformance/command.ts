// `npm run conformance`: outside test suites in full, which `npm test` samples.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { OSAKA, RULE_SETS, type RuleSet } from "@festina/tvm";
import { ENGINES, type EngineName } from "./conformanceEngine.ts";
import { ethereumTestsFolder, unpack } from "./outsideVectors.ts";
import { runSuite, SUITES, type SuiteName } from "./runSuites.ts";
import type { SuiteCounts } from "./suite.ts";

const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];
const USAGE = `usage: npm run conformance -- [--engine ${ENGINES.join("|")}] [--suite ${SUITE_NAMES.join("|")}|all]
         [--rules prague|osaka] [--tests PATH] [--every N] [--files TEXT] [--json FILE]
  --tests   an archive (.tar.gz), a checkout of ethereum/tests, fixtures of execution-spec-tests, or any folder of such
            files; default: ../shared/vectors, or the folder that FESTINA_VECTORS names
            for the suite truehash: a folder with vectors.json and table-epoch0.u16le
  --every   one test in N          --files   only files with TEXT in their path
JSON: { "<suite>": { passed, failed, refused, skipped, fellBack, failures: [{ name, reason }], reasons, differences } }
`;
const EXIT_USAGE = 2;
/** Shown; the JSON file has more. */
const FAILURES_SHOWN = 20;

interface Options {
  readonly engine: EngineName;
  readonly suites: readonly SuiteName[];
  readonly rules: RuleSet;
  readonly tests: string | undefined;
  readonly every: number;
  readonly only: string;
  readonly json: string | undefined;
}

function readOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean", default: false },
      engine: { type: "string", default: "interpreter" },
      suite: { type: "string", default: "all" },
      rules: { type: "string", default: OSAKA.name },
      tests: { type: "string" },
      every: { type: "string", default: "1" },
      files: { type: "string", default: "" },
      json: { type: "string" },
    },
  });
  if (values.help) return null;
  const engine = ENGINES.find((name) => name === values.engine);
  if (engine === undefined) throw new RangeError(`unknown engine "${values.engine}"`);
  const suites = SUITE_NAMES.filter((name) => values.suite === "all" || name === values.suite);
  if (suites.length === 0) throw new RangeError(`unknown suite "${values.suite}"`);
  const rules = RULE_SETS.find(({ name }) => name === values.rules);
  if (rules === undefined) throw new RangeError(`unknown rules "${values.rules}"`);
  const every = Number(values.every);
  if (!Number.isSafeInteger(every) || every < 1) throw new RangeError("--every is a whole number above 0");
  if (values.tests !== undefined && !existsSync(values.tests)) throw new RangeError(`there is no ${values.tests}`);
  return { engine, suites, rules, tests: values.tests, every, only: values.files, json: values.json };
}

/** @returns 1 when a test failed, 2 when nothing could be run */
export async function run(argv: readonly string[]): Promise<number> {
  let options: Options | null;
  try {
    options = readOptions(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT_USAGE;
  }
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { folder, leave } = enterTests(options.tests);
  if (folder === null) {
    process.stderr.write("no outside vectors: name their place with --tests or FESTINA_VECTORS\n");
    return EXIT_USAGE;
  }
  try {
    return await runAll(folder, options);
  } finally {
    leave();
  }
}

function enterTests(tests: string | undefined): { readonly folder: string | null; leave(): void } {
  if (tests === undefined) return { folder: ethereumTestsFolder(), leave: () => undefined };
  if (statSync(tests).isDirectory()) return { folder: tests, leave: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "festina-conformance-"));
  unpack(tests, folder);
  return { folder, leave: () => rmSync(folder, { recursive: true, force: true }) };
}

async function runAll(tests: string, { engine, suites, rules, every, only, json }: Options): Promise<number> {
  const report: Partial<Record<SuiteName, SuiteCounts>> = {};
  for (const suite of suites) {
    const startMs = performance.now();
    const counts = await runSuite({ suite, tests, engine, rules, every, only });
    report[suite] = counts;
    tell(
      suite,
      suite === "state" ? `${suite} at ${rules.name} on the ${engine}` : suite,
      counts,
      performance.now() - startMs,
    );
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  const all = Object.values(report);
  const sum = (field: "passed" | "failed" | "refused" | "skipped" | "fellBack"): number =>
    all.reduce((total, counts) => total + counts[field], 0);
  process.stdout.write(
    `${sum("passed")} passed, ${sum("failed")} failed, ${sum("refused")} refused, ${sum("skipped")} skipped, ${sum("fellBack")} fell back\n`,
  );
  return sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
}

function tell(suite: string, title: string, counts: SuiteCounts, tookMs: number): void {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const { passed, failed, refused, skipped, fellBack } = counts;
  for (const { name, reason } of counts.failures.slice(0, FAILURES_SHOWN)) print(`${suite}: FAILED ${name}: ${reason}`);
  for (const { name, reason } of counts.differences) print(`${suite}: ${name}: ${reason}`);
  for (const [reason, count] of Object.entries(counts.reasons)) print(`${suite}: ${count} times: ${reason}`);
  const seconds = (tookMs / 1_000).toFixed(1);
  print(
    `${title}: ${passed} passed, ${failed} failed, ${refused} refused, ${skipped} skipped, ${fellBack} fell back, ${seconds} s`,
  );
}
