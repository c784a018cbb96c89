// `npm run bench -- bft`: how fast four members on one machine make transactions and empty blocks final.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "finality of four members on loopback: light load, empty blocks, one member dead, certificates";

const USAGE =
  "usage: npm run bench -- bft [--transfers 100] [--seconds 10] [--suite bls|secp256k1|ed25519|bls-secp256k1|all] [--rpc-port PORT] [--json FILE]\n";
/**
 * Name, where the figure is, whether less or more is better, and the goal: milliseconds, blocks per second, bytes.
 * @type {readonly (readonly [string, (figures: any) => number, "<=" | ">=", number])[]}
 */
const GOALS = [
  ["light load, submit to final, p50 (ms)", (figures) => figures.light.p50Ms, "<=", 25],
  ["empty blocks per second", (figures) => figures.empty.blocksPerSecond, ">=", 50],
  ["CPU per empty block and member (ms)", (figures) => figures.empty.cpuMsPerBlock, "<=", 5],
  ["one dead: p50 outside its views / fault-free", (figures) => figures.oneDead.ratio, "<=", 1.5],
  ["one dead: cost of one of its views, p50 (ms)", (figures) => figures.oneDead.deadViewMs, "<=", 600],
];
/** Lists of signatures are for small committees: certificates of this size are BLS's. */
const BLS_GOALS = /** @type {typeof GOALS} */ ([
  ["certificate of 100 seats (bytes)", (figures) => figures.certificate.bytes, "<=", 120],
  ["certificate of 100 seats, verification (ms)", (figures) => figures.certificate.verifyMs, "<=", 2],
]);
/**
 * What the machine allows, from the same run, and how far above it we are. The goals were set on a machine that checks an
 * aggregate in 1.06 ms.
 * @type {readonly (readonly [string, (figures: any) => number])[]}
 */
const FLOORS = [
  ["bare signature (ms)", ({ certificate }) => certificate.floor.signMs],
  ["bare check of an aggregate of 3 (ms)", ({ certificate }) => certificate.floor.checkMs],
  ["bare 2 signatures and 2 checks, CPU (ms)", ({ certificate }) => certificate.floor.blockCpuMs],
  [
    "CPU per empty block and member / that",
    (figures) => figures.empty.cpuMsPerBlock / figures.certificate.floor.blockCpuMs,
  ],
  ["bare check of an aggregate of 100 (ms)", ({ certificate }) => certificate.floor.certificateMs],
  ["certificate's verification / that", ({ certificate }) => certificate.verifyMs / certificate.floor.certificateMs],
];
const SUITES = ["bls", "secp256k1", "ed25519", "bls-secp256k1"];

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  transfers: { type: "string", default: "100" },
  seconds: { type: "string", default: "10" },
  /** A devnet's. */
  suite: { type: "string", default: "bls-secp256k1" },
  "rpc-port": { type: "string" },
  json: { type: "string" },
};

function checkOptions(values) {
  if (values.suite !== "all" && !SUITES.includes(values.suite)) throw new Error(`no suite is called ${values.suite}`);
  return {
    transfers: wholeNumber(values, "transfers", { min: 1 }),
    seconds: wholeNumber(values, "seconds", { min: 1 }),
    suites: values.suite === "all" ? SUITES : [values.suite],
    rpcPort: givenNumber(values, "rpc-port", { min: 1 }),
    jsonFile: values.json,
  };
}

function printFigures(figures) {
  const line = (name, value, verdict = "") =>
    process.stdout.write(`  ${name.padEnd(50)} ${value.toFixed(2).padStart(9)}${verdict}\n`);
  process.stdout.write(`${figures.suite}\n`);
  for (const [name, read, relation, goal] of [...GOALS, ...(figures.suite.startsWith("bls") ? BLS_GOALS : [])]) {
    const value = read(figures);
    const isMet = relation === "<=" ? value <= goal : value >= goal;
    line(name, value, `  ${relation} ${goal}${isMet ? "" : "  missed"}`);
  }
  for (const [name, read] of FLOORS) line(name, read(figures));
}

/** @param {{ transfers: number, seconds: number, rpcPort: number | undefined, suite: string }} options */
async function measure(folder, options) {
  const { measureCertificate } = await import("./bft/certificateCost.mjs");
  const { measureEmptyBlocks } = await import("./bft/emptyBlocks.mjs");
  const { measureTransfers } = await import("./bft/transfers.mjs");
  const { suite, transfers, seconds } = options;
  // Before the first of our own processes: what else the machine is doing.
  const [loadBefore = 0] = loadavg();
  process.stdout.write(
    `${suite}: ${transfers} transfers, one at a time, each to the next member; then one member dies ...\n`,
  );
  const { light, oneDead } = await measureTransfers(join(folder, `${suite}-transfers`), options);
  process.stdout.write(`${suite}: empty blocks for ${seconds} s: leaders wait for nothing ...\n`);
  const empty = await measureEmptyBlocks(join(folder, `${suite}-empty`), options);
  const certificate = measureCertificate(suite);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version, loadBefore };
  return { suite, light, oneDead, empty, certificate, machine };
}

/** Figures miss their goals on a busy machine without anything being wrong: the exit code says only whether it ran. */
export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const folder = mkdtempSync(join(tmpdir(), "festina-bench-"));
  try {
    const all = [];
    for (const suite of options.suites) {
      const figures = await measure(folder, { ...options, suite });
      all.push(figures);
      printFigures(figures);
      const { cpus: cores, loadBefore } = figures.machine;
      process.stdout.write(`machine: ${cores} cores, load ${loadBefore.toFixed(1)} before it began\n`);
    }
    const written = all.length === 1 ? all[0] : all;
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(written, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}
