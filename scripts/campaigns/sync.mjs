// `npm run campaign -- sync`: nodes that begin from nothing, by snapshot and by replay, killed on the way, and among liars.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "nodes that begin from nothing: by snapshot, by replay, killed on the way, among liars";

const STEPS = ["make", "snapshot", "kills", "liars", "execution", "replay"];
const USAGE = `usage: npm run campaign -- sync [--blocks 20000] [--accounts 50000] [--kills 10] [--seed N] [--folder DIR: kept, and gone on with] [--steps ${STEPS.join(",")}] [--make-seconds 3600] [--rpc-port 21400] [--json FILE]\n`;
const SNAPSHOT_SECONDS_MAX = 60;
const REPLAY_SHARE_MIN = 0.7;
const UNFINISHED = 75;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  blocks: { type: "string", default: "20000" },
  accounts: { type: "string", default: "50000" },
  kills: { type: "string", default: "10" },
  seed: { type: "string", default: "1" },
  folder: { type: "string" },
  steps: { type: "string", default: STEPS.join(",") },
  "make-seconds": { type: "string", default: "3600" },
  "rpc-port": { type: "string", default: "21400" },
  json: { type: "string" },
};

function checkOptions(values) {
  const steps = values.steps.split(",");
  const unknown = steps.find((step) => !STEPS.includes(step));
  if (unknown !== undefined) throw new Error(`--steps: there is no step ${unknown}`);
  return {
    blocks: wholeNumber(values, "blocks", { min: 100 }),
    accounts: wholeNumber(values, "accounts"),
    kills: wholeNumber(values, "kills", { max: 1_000 }),
    seed: wholeNumber(values, "seed", { min: 1 }),
    makeSeconds: wholeNumber(values, "make-seconds", { min: 1 }),
    rpcPort: wholeNumber(values, "rpc-port", { min: 1, max: 40_000 }),
    folder: values.folder === undefined ? null : resolve(values.folder),
    jsonFile: values.json,
    steps,
  };
}

/** What speaks against the figures, as sentences. */
function judge({ make, snapshot, kills, liars, execution, replay }) {
  const breaches = [];
  const isLarge = make !== undefined && make.head >= 20_000;
  if (isLarge && snapshot?.seconds > SNAPSHOT_SECONDS_MAX)
    breaches.push(`snapshot took ${snapshot.seconds} s, more than ${SNAPSHOT_SECONDS_MAX}`);
  for (const [name, step] of Object.entries({ snapshot, kills, liars, replay }))
    if (step !== undefined && !step.isSame) breaches.push(`${name}: the node differs from the one it learned from`);
  if (liars !== undefined)
    for (const kind of liars.kept) breaches.push(`liars: whoever serves ${kind} was not dropped`);
  if (isLarge && execution !== undefined && replay !== undefined) {
    const share = replay.blocksPerSecond / execution.blocksPerSecond;
    if (share < REPLAY_SHARE_MIN) breaches.push(`replay at ${share.toFixed(2)} of the rate of execution alone`);
  }
  return breaches;
}

function summarise({ make, snapshot, kills, liars, execution, replay }, breaches) {
  const said = [`${make?.head ?? 0} blocks`];
  if (snapshot !== undefined) said.push(`snapshot ${snapshot.seconds} s`);
  if (kills !== undefined) said.push(`${kills.kills} kills, then ${kills.seconds} s`);
  if (liars !== undefined) said.push(`${liars.dropped.length} liars dropped, ${liars.seconds} s`);
  if (replay !== undefined) said.push(`replay ${replay.blocksPerSecond} blocks/s`);
  if (execution !== undefined) said.push(`execution alone ${execution.blocksPerSecond} blocks/s`);
  return `sync: ${said.join(", ")}, ${breaches.length} breaches`;
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { makeChain, snapshot, replay, execution, kills, liars } = await import("./sync/steps.mjs");
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "festina-sync-"));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "results.json");
  const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${options.seed}, data in ${folder}`);
  const work = { make: makeChain, snapshot, replay, execution, kills, liars };
  for (const step of options.steps) {
    const result = await work[step]({ ...options, folder, results, print });
    if (result === null) {
      print(`${step}: more to do; run it again with --folder ${folder}`);
      return UNFINISHED;
    }
    results[step] = result;
    print(`${step}: ${JSON.stringify(result)}`);
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  }
  const breaches = judge(results);
  for (const breach of breaches) print(`BREACH ${breach}`);
  print(summarise(results, breaches));
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...results, breaches }, null, 2)}\n`);
  if (breaches.length === 0 && options.folder === null) rmSync(folder, { recursive: true, force: true });
  return breaches.length === 0 ? 0 : 1;
}
