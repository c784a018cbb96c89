// `npm run campaign -- soak`: an hour of a whole network under load, with a kill or a cut every twenty seconds.
//
// One member is never killed, so that its memory can be judged over the whole run; it is cut off like the others. All
// figures of all processes are kept as a file, samples.jsonl, one line each.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "an hour of faults under load: stalls, heap, disk and memory of every process, kept and judged";

const USAGE =
  "usage: npm run campaign -- soak [--minutes 60] [--every 20: seconds between faults] [--faults N: stop after so many] [--seed N] [--rpc-port PORT] [--json FILE] [--data-dir DIR: goes on with the soak that lies there]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  minutes: { type: "string", default: "60" },
  every: { type: "string", default: "20" },
  faults: { type: "string" },
  seed: { type: "string" },
  "rpc-port": { type: "string" },
  json: { type: "string" },
  "data-dir": { type: "string" },
};

function checkOptions(values) {
  return {
    minutes: wholeNumber(values, "minutes", { min: 1, max: 10_000 }),
    everySeconds: wholeNumber(values, "every", { min: 8, max: 600 }),
    faults: givenNumber(values, "faults", { min: 1 }) ?? Number.POSITIVE_INFINITY,
    seed: givenNumber(values, "seed", { min: 1 }) ?? (Date.now() % 1_000_000) + 1,
    rpcPort: givenNumber(values, "rpc-port", { min: 1_024, max: 40_000 }),
    jsonFile: values.json,
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runSoak } = await import("./soak/runSoak.mjs");
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), "festina-soak-"));
  mkdirSync(folder, { recursive: true });
  const progressFile = join(folder, "faults.json");
  const progress = existsSync(progressFile)
    ? JSON.parse(readFileSync(progressFile, "utf8"))
    : { seed: options.seed, ranMs: 0, faults: [] };
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${progress.seed}, data in ${folder}`);
  const saveProgress = () => writeFileSync(progressFile, `${JSON.stringify(progress)}\n`);
  const { figures, breaches } = await runSoak({ ...options, folder, progress, saveProgress, print });
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, breaches, faults: progress.faults }, null, 2)}\n`);
  for (const breach of breaches) print(`BROKEN: ${breach}`);
  const isGood = breaches.length === 0;
  if (isGood && options.dataDir === null) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
