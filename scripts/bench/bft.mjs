// `npm run bench -- bft`: how fast four members on one machine make transactions and empty blocks final.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

export const summary = "finality of four members on loopback: light load, empty blocks, one member dead, certificates";

const USAGE =
  "usage: npm run bench -- bft [--transfers 100] [--seconds 10] [--suite bls|secp256k1|ed25519] [--rpc-port PORT] [--json FILE]\n";
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
  ["certificate of 100 seats (bytes)", (figures) => figures.certificate.bytes, "<=", 120],
  ["certificate of 100 seats, verification (ms)", (figures) => figures.certificate.verifyMs, "<=", 2],
];

function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      transfers: { type: "string", default: "100" },
      seconds: { type: "string", default: "10" },
      suite: { type: "string", default: "bls" },
      "rpc-port": { type: "string" },
      json: { type: "string" },
    },
  });
  const numbers = [values.transfers, values.seconds, values["rpc-port"] ?? "1"].map(Number);
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 1)) throw new Error("not a number above 0");
  return {
    transfers: Number(values.transfers),
    seconds: Number(values.seconds),
    suite: values.suite,
    rpcPort: values["rpc-port"] === undefined ? undefined : Number(values["rpc-port"]),
    jsonFile: values.json,
  };
}

function printFigures(figures) {
  for (const [name, read, relation, goal] of GOALS) {
    const value = read(figures);
    const isMet = relation === "<=" ? value <= goal : value >= goal;
    process.stdout.write(
      `  ${name.padEnd(50)} ${value.toFixed(2).padStart(9)}  ${relation} ${goal}${isMet ? "" : "  missed"}\n`,
    );
  }
}

/** Figures miss their goals on a busy machine without anything being wrong: the exit code says only whether it ran. */
export async function run(argv) {
  let options;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { measureCertificate } = await import("./bft/certificateCost.mjs");
  const { measureEmptyBlocks } = await import("./bft/emptyBlocks.mjs");
  const { measureTransfers } = await import("./bft/transfers.mjs");
  // Before the first of our own processes: what else the machine is doing.
  const [loadBefore = 0] = loadavg();
  const folder = mkdtempSync(join(tmpdir(), "festina-bench-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  try {
    print(`${options.transfers} transfers, one at a time, each to the next member; then one member dies ...`);
    const { light, oneDead } = await measureTransfers(join(folder, "transfers"), options);
    print(`empty blocks for ${options.seconds} s: leaders wait for nothing ...`);
    const empty = await measureEmptyBlocks(join(folder, "empty"), options);
    const certificate = measureCertificate(options.suite);
    const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version, loadBefore };
    const figures = { suite: options.suite, light, oneDead, empty, certificate, machine };
    printFigures(figures);
    print(`machine: ${machine.cpus} cores, load ${loadBefore.toFixed(1)} before it began`);
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}
