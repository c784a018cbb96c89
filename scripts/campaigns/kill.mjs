// `npm run campaign -- kill`: members and whole networks die by SIGKILL, again and again, under load.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "kill -9 of one member, then of all processes, per round: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- kill [--rounds 20] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the rounds that lie there]\n";
const DEFAULT_ROUNDS = "20";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  rounds: { type: "string", default: DEFAULT_ROUNDS },
  seed: { type: "string" },
  json: { type: "string" },
  "rpc-port": { type: "string" },
  "data-dir": { type: "string" },
};

function checkOptions(values) {
  return {
    rounds: wholeNumber(values, "rounds", { min: 1 }),
    seed: givenNumber(values, "seed", { min: 1 }) ?? (Date.now() % 1_000_000) + 1,
    jsonFile: values.json,
    rpcPort: givenNumber(values, "rpc-port", { min: 1 }),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

/** The rounds that an interrupted run in this folder finished, with the seed it had. */
function loadProgress(file, seed) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { seed, rounds: [] };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runRounds } = await import("./kill/runRounds.mjs");
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), "festina-kill-"));
  mkdirSync(folder, { recursive: true });
  const progressFile = join(folder, "rounds.json");
  const progress = loadProgress(progressFile, options.seed);
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${progress.seed}, data in ${folder}`);
  const { figures, breaches } = await runRounds({
    ...options,
    folder,
    progress,
    print,
    saveProgress: () => writeFileSync(progressFile, `${JSON.stringify(progress, null, 2)}\n`),
  });
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, breaches, each: progress.rounds }, null, 2)}\n`);
  const isGood = breaches.length === 0;
  if (isGood && options.dataDir === null) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
