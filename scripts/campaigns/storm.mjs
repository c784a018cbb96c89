// `npm run campaign -- storm`: one to four members at a time die by SIGKILL, hundreds of times, under load.
//
// A member's recovery is the time from the moment at which its supervisor is told to start it again until a certificate
// that an outsider hears holds a signature of its new life. What the supervisor waits between kill and start is drawn by
// the campaign and told beside, as is the chain's own recovery: the longest gap between final blocks around the kill. The
// next gust comes when every victim has recovered, a block is final and a transaction of the load was acknowledged.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const summary = "kill -9 of one to four members at once, again and again: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- storm [--kills 500] [--minutes N: stops then; the same --data-dir goes on] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the storm that lies there]\n";

function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      kills: { type: "string", default: "500" },
      minutes: { type: "string" },
      seed: { type: "string" },
      json: { type: "string" },
      "rpc-port": { type: "string" },
      "data-dir": { type: "string" },
    },
  });
  const given = [values.kills, values.minutes ?? "1", values.seed ?? "1", values["rpc-port"] ?? "1"].map(Number);
  if (given.some((number) => !Number.isSafeInteger(number) || number < 1)) throw new Error("not a number above 0");
  return {
    kills: Number(values.kills),
    minutes: values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes),
    seed: values.seed === undefined ? (Date.now() % 1_000_000) + 1 : Number(values.seed),
    jsonFile: values.json,
    rpcPort: values["rpc-port"] === undefined ? undefined : Number(values["rpc-port"]),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

/** The gusts that an interrupted run in this folder finished, with the seed it had. */
const loadProgress = (file, seed) =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { seed, ranMs: 0, gusts: [] };

export async function run(argv) {
  let options;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
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
