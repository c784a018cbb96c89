// `npm run campaign -- mutants`: small changes to the consensus core, one at a time; its unit tests must notice them.
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { repositoryRoot } from "../prepare.mjs";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "mutation score of the consensus core (Stryker) by its unit tests; fails below 80 %";

const USAGE =
  "usage: npm run campaign -- mutants [--mutate packages/fastchain/src/bft/**/*.ts] [--workers 1] [--json FILE]\n";
const CORE = "packages/fastchain/src/bft/**/*.ts";
const TESTS = "packages/fastchain/test/bft";
const SCORE_MIN = 80;
const COUNTED = ["Killed", "Timeout", "Survived", "NoCoverage"];

/** Unit tests of single rules; whole networks of members come last, for what only they notice. */
function testFiles() {
  const files = readdirSync(join(repositoryRoot, TESTS)).filter((name) => name.endsWith(".test.ts"));
  const isNetwork = (name) => name === "bftCore.test.ts";
  return files.filter((name) => !isNetwork(name)).map((name) => join(TESTS, name));
}

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  mutate: { type: "string", default: CORE },
  workers: { type: "string", default: "1" },
  json: { type: "string" },
};

function checkOptions(values) {
  return { mutate: values.mutate, workers: wholeNumber(values, "workers", { min: 1 }), jsonFile: values.json };
}

function printScore(results) {
  const count = (status) => results.filter((result) => result.status === status).length;
  const killed = count("Killed") + count("Timeout");
  const counted = COUNTED.reduce((sum, status) => sum + count(status), 0);
  const score = (100 * killed) / counted;
  for (const { status, fileName, location, mutatorName, replacement } of results) {
    if (status === "Survived" || status === "NoCoverage")
      process.stdout.write(
        `${relative(repositoryRoot, fileName)}:${location.start.line}:${location.start.column} ${mutatorName} ${status}: ${replacement}\n`,
      );
  }
  process.stdout.write(
    `mutants: ${counted} counted, ${killed} killed (${count("Timeout")} by time), ${count("Survived")} survived, ` +
      `${count("NoCoverage")} not reached, score ${score.toFixed(1)} % (at least ${SCORE_MIN} %)\n`,
  );
  return score;
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { Stryker } = await import("@stryker-mutator/core");
  const jsonFile = options.jsonFile ?? join(mkdtempSync(join(tmpdir(), "festina-mutants-")), "mutants.json");
  process.chdir(repositoryRoot);
  const stryker = new Stryker({
    mutate: [options.mutate],
    testRunner: "bundled",
    plugins: [join(repositoryRoot, "scripts/campaigns/mutants/bundledRunner.mjs")],
    // Not an option of Stryker's: read by the runner.
    ...{ bundledRunner: { testFiles: testFiles() } },
    coverageAnalysis: "perTest",
    concurrency: options.workers,
    // Texts are for people; what is decided by a text is a type.
    mutator: { excludedMutations: ["StringLiteral"] },
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: jsonFile },
    timeoutMS: 5_000,
    tempDirName: "node_modules/.cache/mutants",
    ignorePatterns: ["**/dist", "**/bundle", "/docs", "/test"],
    // Its rewriting of compiler settings needs an interface that TypeScript 7 no longer has, and nothing is compiled here.
    tsconfigFile: "none",
    allowConsoleColors: false,
    warnings: false,
  });
  const results = await stryker.runMutationTest();
  return printScore(results) >= SCORE_MIN ? 0 : 1;
}
