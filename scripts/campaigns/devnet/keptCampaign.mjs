// What the campaigns over a devnet of their own have in common: a folder that keeps the network and what was done to it,
// so that a run which was cut off goes on where it was; a seed; a report; an exit code.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { givenNumber } from "../../readOptions.mjs";

/** @type {import("../../readOptions.mjs").Options} */
export const KEPT_OPTIONS = {
  seed: { type: "string" },
  json: { type: "string" },
  "rpc-port": { type: "string" },
  "data-dir": { type: "string" },
};

/** @param {Record<string, any>} values of `KEPT_OPTIONS` */
export function checkKeptOptions(values) {
  return {
    seed: givenNumber(values, "seed", { min: 1 }) ?? (Date.now() % 1_000_000) + 1,
    jsonFile: values.json,
    rpcPort: givenNumber(values, "rpc-port", { min: 1_024, max: 40_000 }),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
  };
}

/**
 * Runs, prints what was broken and then the summary, writes the report, removes the folder of a good run unless it was given.
 *
 * @param {{ name: string, item: string }} campaign `item`: what the progress is a list of
 * @param {any} options of which `checkKeptOptions` is a part
 * @param {(parts: any) => Promise<{ figures: object, breaches: readonly string[], summary: string }>} work gets the options and `folder`,
 *   `progress` (`seed`, `ranMs` and the list), `saveProgress` and `print`
 * @returns {Promise<number>} the exit code
 */
export async function runKept({ name, item }, options, work) {
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), `festina-${name}-`));
  mkdirSync(folder, { recursive: true });
  const progressFile = join(folder, `${item}.json`);
  const progress = existsSync(progressFile)
    ? JSON.parse(readFileSync(progressFile, "utf8"))
    : { seed: options.seed, ranMs: 0, [item]: [] };
  const print = (line) => process.stdout.write(`${line}\n`);
  const saveProgress = () => writeFileSync(progressFile, `${JSON.stringify(progress)}\n`);
  print(`seed ${progress.seed}, data in ${folder}`);
  const { figures, breaches, summary } = await work({ ...options, folder, progress, saveProgress, print });
  for (const breach of breaches) print(`BROKEN: ${breach}`);
  print(`${name}: ${summary}`);
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, breaches, each: progress[item] }, null, 2)}\n`);
  const isGood = breaches.length === 0;
  if (isGood && options.dataDir === null) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
