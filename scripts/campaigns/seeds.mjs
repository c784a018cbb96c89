// `npm run campaign -- seeds`: many simulated networks, each with its own faults and dishonest members, judged.
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "thousands of simulated networks by seed, with every fault and every kind of dishonest member";

const USAGE =
  "usage: npm run campaign -- seeds [--from 1] [--to 10000] [--profile mixed] [--level core|node] [--nodes 4 to 7, by seed] [--workers CORES] [--json FILE] [--progress FILE: goes on where it lies]\n";

const LEVELS = ["core", "node"];
/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  from: { type: "string", default: "1" },
  to: { type: "string", default: "10000" },
  profile: { type: "string", default: "mixed" },
  level: { type: "string", default: "core" },
  nodes: { type: "string" },
  workers: { type: "string", default: String(availableParallelism()) },
  json: { type: "string" },
  progress: { type: "string" },
};

function checkOptions(values, profiles) {
  const [from, to] = ["from", "to"].map((name) => wholeNumber(values, name));
  const nodes = givenNumber(values, "nodes", { min: 1 });
  const workers = wholeNumber(values, "workers", { min: 1 });
  if (from > to) throw new Error("--from is above --to");
  if (!profiles.includes(values.profile)) throw new Error(`profiles are ${profiles.join(", ")}`);
  if (!LEVELS.includes(values.level)) throw new Error(`levels are ${LEVELS.join(", ")}`);
  const task = { level: values.level, from, to, profile: values.profile, members: nodes ?? null };
  return { task, workers, jsonFile: values.json, progressFile: values.progress };
}

/** Whole or not at all, so that a run that is cut off leaves the state before. */
function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function printVerdict(print, { sums, unused, seconds }, { level, profile }) {
  for (const { seed, violations } of sums.failures) {
    const [{ invariant, what }] = violations;
    print(`seed ${seed}: BROKEN ${invariant}: ${what}`);
    print(`  npm run simulate -- --level ${level} --seed ${seed} --profile ${profile} --shrink --explain`);
  }
  if (unused.length > 0) print(`never happened: ${unused.join(", ")}`);
  const { seeds, failed, blocks, epochs, skippedViews, simulatedSeconds, livenessJudged, recoveryMsMax } = sums;
  print(
    `seeds: ${seeds} of profile ${profile}, ${failed} failed, ${unused.length} kinds of fault or class without a count; ` +
      `a block had to follow the faults in ${livenessJudged} and did within ${Math.round(recoveryMsMax)} ms; ` +
      `${blocks} blocks, ${epochs} epochs, ${skippedViews} skipped views, ${Math.round(simulatedSeconds)} simulated seconds ` +
      `in ${Math.round(seconds)} s; digest ${sums.digest}`,
  );
}

export async function run(argv) {
  const { PROFILES } = await import("@festina/sim");
  const options = readOptions(argv, {
    options: OPTIONS,
    usage: USAGE,
    check: (values) => checkOptions(values, PROFILES),
  });
  if (options === null) return EXIT_USAGE;
  const { runCampaign } = await import("./seeds/runCampaign.mjs");
  const { task, workers, jsonFile } = options;
  const progressFile = options.progressFile ?? join(mkdtempSync(join(tmpdir(), "festina-seeds-")), "progress.json");
  const known = existsSync(progressFile) ? JSON.parse(readFileSync(progressFile, "utf8")) : null;
  if (known !== null && JSON.stringify(known.task) !== JSON.stringify(task)) {
    process.stderr.write(`${progressFile} is of another task: ${JSON.stringify(known.task)}\n`);
    return 2;
  }
  const print = (line) => process.stdout.write(`${line}\n`);
  print(
    `seeds ${task.from} to ${task.to}, level ${task.level}, profile ${task.profile}, ${workers} workers; progress in ${progressFile}`,
  );
  const save = (progress) => writeJson(progressFile, progress);
  const figures = await runCampaign({ task, workers, known, print, save });
  printVerdict(print, figures, task);
  if (jsonFile !== undefined) writeJson(jsonFile, { ...task, node: process.version, ...figures });
  return figures.sums.failed === 0 && figures.unused.length === 0 ? 0 : 1;
}
