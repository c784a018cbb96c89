// What the campaigns of attackers have in common: how long, how often, where, and what becomes of the findings.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../../readOptions.mjs";

/** @type {import("../../readOptions.mjs").Options} */
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

/**
 * Answers with the exit code. `attack` makes the network in `folder`, attacks it and tells its figures with their findings;
 * the folder stays when there are any.
 */
export async function runUnderAttack(argv, { name, usage, attack, options: more = {}, check = (_values) => ({}) }) {
  const options = readOptions(argv, {
    options: { ...OPTIONS, ...more },
    usage,
    check: (values) => ({ ...checkOptions(values), ...check(values) }),
  });
  if (options === null) return EXIT_USAGE;
  const folder = mkdtempSync(join(tmpdir(), `festina-${name}-`));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`data in ${folder}`);
  const figures = await attack({ ...options, folder, print });
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  for (const finding of figures.findings) print(`FINDING ${finding}`);
  const isWithstood = figures.findings.length === 0;
  print(isWithstood ? `${name}: withstood` : `${name}: ${figures.findings.length} findings`);
  if (isWithstood) rmSync(folder, { recursive: true, force: true });
  return isWithstood ? 0 : 1;
}
