// `npm run campaign -- history`: one history, executed by every engine, block by block: all hashes and roots are the same.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "a thousand blocks of mixed work on the default engine, replayed on every engine: the same roots";

const USAGE =
  "usage: npm run campaign -- history [--blocks 1000] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: kept] [--engine-check: record on two engines at once]\n";
const REPLAYS = {
  reference: ["--engine", "reference"],
  interpreter: ["--engine", "interpreter"],
  compiler: ["--engine", "compiler"],
  "compiler, everything at first use": ["--engine", "compiler", "--compile-all"],
};
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  blocks: { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  json: { type: "string" },
  "rpc-port": { type: "string" },
  "data-dir": { type: "string" },
  "engine-check": { type: "boolean", default: false },
};

function checkOptions(values) {
  return {
    blocks: wholeNumber(values, "blocks", { min: 1 }),
    seed: wholeNumber(values, "seed", { min: 1 }),
    jsonFile: values.json,
    rpcPort: givenNumber(values, "rpc-port", { min: 1 }),
    dataDir: values["data-dir"] === undefined ? null : resolve(values["data-dir"]),
    engineArguments: values["engine-check"] ? ["--engine-check"] : [],
  };
}

/** @returns what the command answers in JSON @throws Error with what it says instead */
function festina(command, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args, "--json"], {
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (status !== 0) throw new Error(`festina ${args[0]}: ${stderr || stdout}`);
  return JSON.parse(stdout);
}

function replayOn(command, file, args) {
  const beganMs = performance.now();
  try {
    const replayed = festina(command, "replay", file, ...args);
    return { ...replayed, ms: Math.round(performance.now() - beganMs) };
  } catch (error) {
    return { error: error.message };
  }
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { COMMAND } = await import("./devnet/devnetUnderTest.mjs");
  const { recordHistory } = await import("./history/recordHistory.mjs");
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), "festina-history-"));
  mkdirSync(folder, { recursive: true });
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${options.seed}, data in ${folder}`);
  const recorded = await recordHistory({ ...options, folder: join(folder, "devnet"), print });
  print(`recorded ${recorded.head} blocks with ${recorded.sent} transactions`);
  const file = join(folder, "history.jsonl");
  const exported = festina(COMMAND, "export", file, "--config", recorded.config, "--blocks", `1..${recorded.head}`);
  const breaches = [];
  const replays = {};
  for (const [name, args] of Object.entries(REPLAYS)) {
    const replayed = replayOn(COMMAND, file, args);
    replays[name] = replayed;
    if (replayed.error !== undefined) breaches.push(`${name}: ${replayed.error}`);
    else {
      print(`${name}: ${replayed.blocks} blocks in ${replayed.ms} ms, state root ${replayed.stateRoot}`);
      if (replayed.engine.faults > 0) breaches.push(`${name}: broke ${replayed.engine.faults} times`);
      const isSame = exported.last < recorded.head || replayed.stateRoot === recorded.stateRoot;
      if (!isSame || replayed.blocks !== exported.last) breaches.push(`${name}: another history`);
    }
  }
  if (new Set(Object.values(replays).map(({ headHash }) => headHash)).size !== 1) breaches.push("the heads differ");
  for (const breach of breaches) print(`BREACH ${breach}`);
  print(`history: ${exported.last} blocks, ${Object.keys(replays).length} replays, ${breaches.length} breaches`);
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ recorded, exported, replays, breaches }, null, 2)}\n`);
  const isGood = breaches.length === 0;
  if (isGood && options.dataDir === null) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
