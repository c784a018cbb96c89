// A test runner for Stryker: the unit tests and all mutants in one bundle and one process, some hundred times faster than a
// Jest run per mutant.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { DryRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";

const TEST_API = resolve(dirname(fileURLToPath(import.meta.url)), "testApi.mjs");
const BUNDLE = "mutants.bundle.mjs";

/** What the instrumented code looks at. @returns {any} */
const switches = () => {
  const world = /** @type {any} */ (globalThis);
  world.__stryker__ ??= {};
  return world.__stryker__;
};

class BundledRunner {
  static inject = /** @type {const} */ (["options"]);
  #files;
  #file = "";
  #loads = 0;
  #tests = [];

  constructor(options) {
    this.#files = options.bundledRunner.testFiles;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** Runs in Stryker's copy of the project, in which the sources are instrumented. */
  async init() {
    const entry = [
      ...this.#files.map((file) => `import ${JSON.stringify(resolve(file))};`),
      `export { tests } from "@jest/globals";`,
    ].join("\n");
    const built = await build({
      stdin: { contents: entry, resolveDir: process.cwd() },
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      conditions: ["source"],
      alias: { "@jest/globals": TEST_API },
      banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` },
      external: ["expect"],
      logLevel: "error",
    });
    const folder = resolve("bundle");
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, BUNDLE);
    writeFileSync(this.#file, built.outputFiles[0]?.contents ?? "");
  }

  /** A module is evaluated once per address. */
  async #load() {
    this.#loads += 1;
    const module = await import(`${pathToFileURL(this.#file).href}?${this.#loads}`);
    this.#tests = module.tests;
  }

  async dryRun() {
    const stryker = switches();
    stryker.mutantCoverage = { static: {}, perTest: {} };
    stryker.currentTestId = undefined;
    await this.#load();
    const ran = await this.#run(this.#tests, false);
    return { ...ran, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, reloadEnvironment }) {
    const stryker = switches();
    stryker.activeMutant = activeMutant.id;
    stryker.mutantCoverage = undefined;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    stryker.hitLimit = hitLimit;
    if (reloadEnvironment || this.#loads === 0) {
      try {
        await this.#load();
      } catch (error) {
        return { status: "error", errorMessage: String(error) };
      }
    }
    const wanted = testFilter === undefined ? null : new Set(testFilter);
    const tests = this.#tests.filter(({ name }) => wanted === null || wanted.has(name));
    const ran = await this.#run(tests, !disableBail);
    if (stryker.hitCount > stryker.hitLimit)
      return { status: "timeout", reason: `Hit limit reached (${stryker.hitCount})` };
    return toMutantRunResult(ran);
  }

  /** In the order of the files; with `bails` up to the first that fails. */
  async #run(tests, bails) {
    /** @type {import("@stryker-mutator/api/test-runner").TestResult[]} */
    const results = [];
    for (const { name, run } of tests) {
      switches().currentTestId = name;
      const startedMs = performance.now();
      /** @type {string | null} */
      let failureMessage = null;
      try {
        await run();
      } catch (error) {
        failureMessage = error instanceof Error ? error.message : String(error);
      }
      const timeSpentMs = performance.now() - startedMs;
      const result = { id: name, name, timeSpentMs };
      if (failureMessage === null) results.push({ ...result, status: TestStatus.Success });
      else results.push({ ...result, status: TestStatus.Failed, failureMessage });
      if (failureMessage !== null && bails) break;
    }
    switches().currentTestId = undefined;
    return { status: /** @type {const} */ (DryRunStatus.Complete), tests: results };
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "bundled", /** @type {any} */ (BundledRunner)),
];
