// `npm run campaign -- kill`: members and whole networks die by SIGKILL, again and again, under load.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const summary = "kill -9 of one member, then of all processes, per round: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- kill [--rounds 20] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the rounds that lie there]\n";
const DEFAULT_ROUNDS = "20";

function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: "string", default: DEFAULT_ROUNDS },
      seed: { type: "string" },
      json: { type: "string" },
      "rpc-port": { type: "string" },
      "data-dir": { type: "string" },
    },
  });
  const numbers = [values.rounds, values.seed ?? "1", values["rpc-port"] ?? "1"].map(Number);
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 1)) throw new Error("not a number above 0");
  return {
    rounds: Number(values.rounds),
    seed: values.seed === undefined ? (Date.now() % 1_000_000) + 1 : Number(values.seed),
    jsonFile: values.json,
    rpcPort: values["rpc-port"] === undefined ? undefined : Number(values["rpc-port"]),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

/** The rounds that an interrupted run in this folder finished, with the seed it had. */
function loadProgress(file, seed) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { seed, rounds: [] };
}

export async function run(argv) {
  let options;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
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
