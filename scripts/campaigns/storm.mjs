// `npm run campaign -- storm`: one to four members at a time die by SIGKILL, hundreds of times, under load.
//
// A member's recovery is the time from the moment at which its supervisor is told to start it again until a certificate
// that an outsider hears holds a signature of its new life. What the supervisor waits between kill and start is drawn by
// the campaign and told beside, as is the chain's own recovery: the longest gap between final blocks around the kill. The
// next gust comes when every victim has recovered, a block is final and a transaction of the load was acknowledged.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "kill -9 of one to four members at once, again and again: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- storm [--kills 500] [--minutes N: stops then; the same --data-dir goes on] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the storm that lies there]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  kills: { type: "string", default: "500" },
  minutes: { type: "string" },
  seed: { type: "string" },
  json: { type: "string" },
  "rpc-port": { type: "string" },
  "data-dir": { type: "string" },
};

function checkOptions(values) {
  return {
    kills: wholeNumber(values, "kills", { min: 1 }),
    minutes: givenNumber(values, "minutes", { min: 1 }) ?? Number.POSITIVE_INFINITY,
    seed: givenNumber(values, "seed", { min: 1 }) ?? (Date.now() % 1_000_000) + 1,
    jsonFile: values.json,
    rpcPort: givenNumber(values, "rpc-port", { min: 1 }),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

/** The gusts that an interrupted run in this folder finished, with the seed it had. */
const loadProgress = (file, seed) =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { seed, ranMs: 0, gusts: [] };

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runStorm } = await import("./storm/runStorm.mjs");
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), "festina-storm-"));
  mkdirSync(folder, { recursive: true });
  const progressFile = join(folder, "gusts.json");
  const progress = loadProgress(progressFile, options.seed);
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${progress.seed}, data in ${folder}`);
  const { figures, breaches } = await runStorm({
    ...options,
    folder,
    progress,
    print,
    saveProgress: () => writeFileSync(progressFile, `${JSON.stringify(progress)}\n`),
  });
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, breaches, each: progress.gusts }, null, 2)}\n`);
  const isGood = breaches.length === 0;
  if (isGood && options.dataDir === null) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
