// `npm run bench -- sim`: how fast simulated time passes, on both levels, with tags and with real signatures.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { measureInThreads } from "./sim/inThreads.mjs";
import { measureCore, measureWhole, warmUpCore } from "./sim/measure.mjs";

export const summary = "simulated seconds a second and events/s: consensus alone and whole nodes, tags and BLS";

const USAGE =
  "usage: npm run bench -- sim [--members 7] [--seconds 60] [--seeds 20] [--threads CORES] [--no-bls] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  members: { type: "string", default: "7" },
  seconds: { type: "string", default: "60" },
  seeds: { type: "string", default: "20" },
  threads: { type: "string", default: String(availableParallelism()) },
  "no-bls": { type: "boolean", default: false },
  json: { type: "string" },
};

function checkOptions(values) {
  const [members, seconds, seeds, threads] = ["members", "seconds", "seeds", "threads"].map((name) =>
    wholeNumber(values, name, { min: 1 }),
  );
  return { members, seconds, seeds, threads, withBls: !values["no-bls"], jsonFile: values.json };
}

const nowMs = () => performance.now();

const CALIBRATION_MS = 300;
const CALIBRATION_BYTES = 1024;

/** How often a second this can be done with a KiB. */
function perSecond(hash) {
  const bytes = new Uint8Array(CALIBRATION_BYTES);
  const until = (endMs) => {
    let count = 0;
    for (; nowMs() < endMs; count++) {
      bytes[0] = count;
      hash(bytes);
    }
    return count;
  };
  until(nowMs() + CALIBRATION_MS);
  return Math.round((1_000 * until(nowMs() + CALIBRATION_MS)) / CALIBRATION_MS);
}

/** What the machine can do at this moment: figures of different machines and loads are compared by it. */
async function calibrate() {
  const { keccak_256 } = await import("@noble/hashes/sha3.js");
  return {
    sha256NativeKibPerSecond: perSecond((bytes) => createHash("sha256").update(bytes).digest()),
    keccakJavaScriptKibPerSecond: perSecond((bytes) => keccak_256(bytes)),
  };
}

function printCalibration(when, { sha256NativeKibPerSecond, keccakJavaScriptKibPerSecond }) {
  process.stdout.write(
    `  ${`machine ${when}`.padEnd(26)} ${sha256NativeKibPerSecond} KiB/s SHA-256 native, ` +
      `${keccakJavaScriptKibPerSecond} KiB/s Keccak in JavaScript\n`,
  );
}

function printFigures(name, figures) {
  const { simulatedPerWall, eventsPerSecond, blocks, wallSeconds } = figures;
  process.stdout.write(
    `  ${name.padEnd(26)} ${simulatedPerWall.toFixed(1).padStart(9)} simulated s/s ` +
      `${Math.round(eventsPerSecond).toString().padStart(9)} events/s  ${blocks} blocks in ${wallSeconds.toFixed(1)} s\n`,
  );
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { createSignatureSuite } = await import("@festina/adapters");
  const bls = options.withBls ? createSignatureSuite("bls") : null;
  const figures = {};
  const measure = async (name, take) => {
    figures[name] = await take();
    printFigures(name, figures[name]);
  };
  process.stdout.write(`${options.members} members, calm:\n`);
  const before = await calibrate();
  printCalibration("before", before);
  await warmUpCore(options.members);
  await measure("core, tags", () => measureCore(options));
  if (bls !== null) await measure("core, BLS", () => measureCore({ ...options, seeds: 1 }, bls));
  await measure("whole nodes, tags", () => measureWhole({ ...options, miners: 0 }));
  await measure("with a miner, tags", () => measureWhole(options));
  if (options.threads > 1) {
    const tasks = (level, more) =>
      Array.from({ length: options.threads }, (_, thread) => ({ level, options: { ...options, ...more(thread) } }));
    const { seeds } = options;
    const name = `, ${options.threads} threads`;
    await measure(`core${name}`, () => measureInThreads(tasks("core", (thread) => ({ from: 1 + thread * seeds }))));
    await measure(`whole nodes${name}`, () => measureInThreads(tasks("whole", () => ({ miners: 0 }))));
  }
  if (bls !== null)
    await measure("with a miner, BLS", () =>
      measureWhole({ ...options, seconds: Math.min(20, options.seconds), warmUpSeconds: 20 }, bls),
    );
  const after = await calibrate();
  printCalibration("after", after);
  const machine = {
    calibration: { before, after },
    cpus: cpus().length,
    model: cpus()[0]?.model ?? "",
    node: process.version,
  };
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, machine }, null, 2)}\n`);
  return 0;
}
