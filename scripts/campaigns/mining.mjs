// `npm run campaign -- mining`: three miners with different shares of a core earn what their work is worth.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "three miners of 60/30/10 % CPU share earn their shares, and the supply adds up at every block";

const USAGE =
  "usage: npm run campaign -- mining [--seconds 600] [--snail-seconds 10] [--rpc-port PORT] [--by-work: others use this machine, too] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  seconds: { type: "string", default: "600" },
  "snail-seconds": { type: "string", default: "10" },
  "rpc-port": { type: "string" },
  "by-work": { type: "boolean", default: false },
  json: { type: "string" },
};

function checkOptions(values) {
  return {
    seconds: wholeNumber(values, "seconds", { min: 10, max: 86_400 }),
    snailSeconds: wholeNumber(values, "snail-seconds", { min: 1, max: 600 }),
    rpcPort: givenNumber(values, "rpc-port", { min: 1_024, max: 65_000 }),
    isByWork: values["by-work"],
    jsonFile: values.json,
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runMiners } = await import("./mining/runMiners.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-mining-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`data in ${folder}`);
  const figures = await runMiners({ ...options, folder, print });
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  const { findings } = figures;
  for (const finding of findings) print(`FINDING ${finding}`);
  print(findings.length === 0 ? "mining: pay follows work" : `mining: ${findings.length} findings`);
  if (findings.length === 0) rmSync(folder, { recursive: true, force: true });
  return findings.length === 0 ? 0 : 1;
}
