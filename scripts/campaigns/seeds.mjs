// `npm run campaign -- seeds`: many simulated networks, each with its own faults and dishonest members, judged.
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

export const summary = "thousands of simulated networks by seed, with every fault and every kind of dishonest member";

const USAGE =
  "usage: npm run campaign -- seeds [--from 1] [--to 10000] [--profile mixed] [--nodes 4 to 7, by seed] [--workers CORES] [--json FILE] [--progress FILE: goes on where it lies]\n";

function readArguments(argv, profiles) {
  const { values } = parseArgs({
    args: argv,
    options: {
      from: { type: "string", default: "1" },
      to: { type: "string", default: "10000" },
      profile: { type: "string", default: "mixed" },
      nodes: { type: "string" },
      workers: { type: "string", default: String(availableParallelism()) },
      json: { type: "string" },
      progress: { type: "string" },
    },
  });
  const [from, to, workers, nodes] = [values.from, values.to, values.workers, values.nodes ?? "4"].map(Number);
  if (![from, to, workers, nodes].every((number) => Number.isSafeInteger(number) && number >= 0))
    throw new Error("not a whole number");
  if (from > to) throw new Error("--from is above --to");
  if (workers < 1 || nodes < 1) throw new Error("--workers and --nodes are at least 1");
  if (!profiles.includes(values.profile)) throw new Error(`profiles are ${profiles.join(", ")}`);
  const task = { from, to, profile: values.profile, members: values.nodes === undefined ? null : nodes };
  return { task, workers, jsonFile: values.json, progressFile: values.progress };
}

/** Whole or not at all, so that a run that is cut off leaves the state before. */
function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function printVerdict(print, { sums, unused, seconds }, { profile }) {
  for (const { seed, violations } of sums.failures) {
    const [{ invariant, what }] = violations;
    print(`seed ${seed}: BROKEN ${invariant}: ${what}`);
    print(`  npm run simulate -- --seed ${seed} --profile ${profile} --shrink --explain`);
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
  let options;
  try {
    options = readArguments(argv, PROFILES);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { runCampaign } = await import("./seeds/runCampaign.mjs");
  const { task, workers, jsonFile } = options;
  const progressFile = options.progressFile ?? join(mkdtempSync(join(tmpdir(), "festina-seeds-")), "progress.json");
  const known = existsSync(progressFile) ? JSON.parse(readFileSync(progressFile, "utf8")) : null;
  if (known !== null && JSON.stringify(known.task) !== JSON.stringify(task)) {
    process.stderr.write(`${progressFile} is of another task: ${JSON.stringify(known.task)}\n`);
    return 2;
  }
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seeds ${task.from} to ${task.to}, profile ${task.profile}, ${workers} workers; progress in ${progressFile}`);
  const save = (progress) => writeJson(progressFile, progress);
  const figures = await runCampaign({ task, workers, known, print, save });
  printVerdict(print, figures, task);
  if (jsonFile !== undefined) writeJson(jsonFile, { ...task, node: process.version, ...figures });
  return figures.sums.failed === 0 && figures.unused.length === 0 ? 0 : 1;
}
