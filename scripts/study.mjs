// `npm run study -- NAME`: the economics of mining and elections on trial, by seed and over the rules as they run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./prepare.mjs";
import { EXIT_USAGE, givenNumber, wholeNumber } from "./readOptions.mjs";

const SIZE_MAX = 10_000_000;

/** @type {import("./readOptions.mjs").Options} */
const OPTIONS = {
  seed: { type: "string", default: "1" },
  blocks: { type: "string" },
  elections: { type: "string" },
  json: { type: "string" },
  charts: { type: "string" },
  help: { type: "boolean", default: false },
};

const print = (line) => process.stdout.write(`${line}\n`);

function usage(studies) {
  const lines = [
    "usage: npm run study -- NAME [--seed 1] [--blocks N | --elections N] [--json FILE] [--charts FOLDER]",
    "",
    ...studies.map(({ name, summary, unit, size }) => `  ${name.padEnd(11)} ${summary} (--${unit} ${size})`),
    "",
    "The exit code is 0 when every promise is kept, 1 when one is broken, 2 when the options make no sense.",
  ];
  return `${lines.join("\n")}\n`;
}

class UsageError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** What the options say; `null` when help is asked for. @throws UsageError */
function readTask(argv, studies) {
  try {
    const { values, positionals } = readArguments(argv);
    if (values.help) return null;
    const [name, ...more] = positionals;
    const study = studies.find((each) => each.name === name);
    if (study === undefined)
      throw new UsageError("STUDY_UNKNOWN", `studies are ${studies.map((each) => each.name).join(", ")}`);
    if (more.length > 0) throw new UsageError("STUDY_UNKNOWN", "one study at a time");
    const other = study.unit === "blocks" ? "elections" : "blocks";
    if (values[other] !== undefined)
      throw new UsageError("OPTION_INVALID", `${name} counts ${study.unit}, not ${other}`);
    const size = givenNumber(values, study.unit, { min: study.sizeMin, max: SIZE_MAX }) ?? study.size;
    const seed = wholeNumber(values, "seed");
    return { study, seed, size, jsonFile: values.json, chartsFolder: values.charts };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError("OPTION_INVALID", error.message);
  }
}

/** @returns {{ values: any, positionals: string[] }} */
function readArguments(argv) {
  return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
}

/** @throws UsageError where a file cannot be written */
function writeResults({ study, seed, size, jsonFile, chartsFolder }, report, seconds, drawChart) {
  try {
    if (jsonFile !== undefined) {
      const { findings, figures } = report;
      const json = { study: study.name, seed, size, node: process.version, seconds, findings, figures };
      writeFileSync(jsonFile, `${JSON.stringify(json, null, 2)}\n`);
    }
    if (chartsFolder === undefined) return;
    mkdirSync(chartsFolder, { recursive: true });
    for (const chart of report.charts) writeFileSync(join(chartsFolder, `${chart.name}.svg`), drawChart(chart));
  } catch (error) {
    throw new UsageError("OUTPUT_UNWRITABLE", error.message);
  }
}

async function main() {
  await prepare();
  const { drawChart, STUDIES } = await import("@festina/sim");
  try {
    const task = readTask(process.argv.slice(2), STUDIES);
    if (task === null) {
      process.stdout.write(usage(STUDIES));
      return 0;
    }
    const { study, seed, size } = task;
    const startMs = performance.now();
    const onProgress = (what) =>
      process.stderr.write(`${((performance.now() - startMs) / 1_000).toFixed(0)} s: ${what}\n`);
    const report = study.run({ seed, size, onProgress });
    const seconds = (performance.now() - startMs) / 1_000;
    for (const line of report.lines) print(line);
    for (const finding of report.findings) print(`BROKEN ${finding}`);
    writeResults(task, report, seconds, drawChart);
    print(
      `study ${study.name}: seed ${seed}, ${size} ${study.unit}, ${report.findings.length} findings, ${seconds.toFixed(0)} s`,
    );
    return report.findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n${usage(STUDIES)}`);
    return EXIT_USAGE;
  }
}

process.exitCode = await main();
