// `npm run campaign -- twins`: a member that exists twice with one key, under every partition of the first views.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "two copies of one member with one key under all partitions of five processes, three views";

const USAGE =
  "usage: npm run campaign -- twins [--from 0] [--to LAST] [--every 1: takes one case of that many] [--workers 1] [--json FILE] [--progress FILE: goes on where it lies]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  from: { type: "string", default: "0" },
  to: { type: "string" },
  every: { type: "string", default: "1" },
  workers: { type: "string", default: "1" },
  json: { type: "string" },
  progress: { type: "string" },
};

function checkOptions(values, cases) {
  const from = wholeNumber(values, "from");
  const to = givenNumber(values, "to") ?? cases - 1;
  const [every, workers] = ["every", "workers"].map((name) => wholeNumber(values, name, { min: 1 }));
  if (to >= cases || from > to) throw new Error(`cases go from 0 to ${cases - 1}`);
  return { from, to, every, workers, jsonFile: values.json, progressFile: values.progress };
}

export async function run(argv) {
  const { TWINS_CASES } = await import("@festina/sim");
  const options = readOptions(argv, {
    options: OPTIONS,
    usage: USAGE,
    check: (values) => checkOptions(values, TWINS_CASES),
  });
  if (options === null) return EXIT_USAGE;
  const { runTwins } = await import("./twins/runTwins.mjs");
  const progressFile = options.progressFile ?? join(mkdtempSync(join(tmpdir(), "festina-twins-")), "progress.json");
  const known = existsSync(progressFile) ? JSON.parse(readFileSync(progressFile, "utf8")) : null;
  const print = (line) => process.stdout.write(`${line}\n`);
  const { from, to, every } = options;
  if (known !== null && (known.from !== from || known.to !== to || known.every !== every)) {
    process.stderr.write(`${progressFile} is of cases ${known.from} to ${known.to}, every ${known.every}\n`);
    return 2;
  }
  print(`cases ${from} to ${to} of ${TWINS_CASES}, every ${every}; progress in ${progressFile}`);
  const figures = await runTwins({
    ...options,
    known,
    print,
    save: (progress) => writeFileSync(progressFile, `${JSON.stringify(progress, null, 2)}\n`),
  });
  for (const failure of figures.failures) print(`case ${failure.case}: ${failure.violations.join("; ")}`);
  print(
    `twins: ${figures.cases} cases, ${figures.casesPerSecond} cases/s on ${options.workers} worker(s) of ` +
      `${availableParallelism()} cores, ${figures.casesPerCpuSecond} per CPU second, ${figures.events} events, twin found out in ${figures.accused}, ` +
      `violations ${figures.violations}`,
  );
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  return figures.violations === 0 ? 0 : 1;
}
