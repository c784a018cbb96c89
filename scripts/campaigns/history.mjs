// `npm run campaign -- history`: one history, executed by every engine, block by block: all hashes and roots are the same.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

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

function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      blocks: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
      "rpc-port": { type: "string" },
      "data-dir": { type: "string" },
      "engine-check": { type: "boolean", default: false },
    },
  });
  const given = [values.blocks, values.seed, values["rpc-port"] ?? "1"].map(Number);
  if (given.some((number) => !Number.isSafeInteger(number) || number < 1)) throw new Error("not a number above 0");
  return {
    blocks: Number(values.blocks),
    seed: Number(values.seed),
    jsonFile: values.json,
    rpcPort: values["rpc-port"] === undefined ? undefined : Number(values["rpc-port"]),
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
  let options;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
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
