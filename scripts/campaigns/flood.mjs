// `npm run campaign -- flood`: a peer sends invalid fruits as fast as it can, under a new name each time it is cut off.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "a flood of invalid fruits from one pinned core, against a control that burns the core without sending";

const USAGE = "usage: npm run campaign -- flood [--seconds 10] [--rounds 3] [--rpc-port PORT] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  seconds: { type: "string", default: "10" },
  rounds: { type: "string", default: "3" },
  "rpc-port": { type: "string" },
  json: { type: "string" },
};

function checkOptions(values) {
  return {
    seconds: wholeNumber(values, "seconds", { min: 2, max: 3_600 }),
    rounds: wholeNumber(values, "rounds", { min: 1, max: 1_000 }),
    rpcPort: givenNumber(values, "rpc-port", { min: 1_024, max: 40_000 }),
    jsonFile: values.json,
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { floodDevnet } = await import("./flood/floodDevnet.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-flood-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`data in ${folder}`);
  const figures = await floodDevnet({ ...options, folder, print });
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  for (const finding of figures.findings) print(`FINDING ${finding}`);
  print(figures.findings.length === 0 ? "flood: withstood" : `flood: ${figures.findings.length} findings`);
  if (figures.findings.length === 0) rmSync(folder, { recursive: true, force: true });
  return figures.findings.length === 0 ? 0 : 1;
}
