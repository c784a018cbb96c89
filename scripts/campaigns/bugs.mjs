// `npm run campaign -- bugs`: mistakes are planted one by one, and the simulator has to find each.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../prepare.mjs";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "one planted bug per safety, durability and handover rule; the simulator finds each";

const USAGE =
  "usage: npm run campaign -- bugs [--seeds 2000: runs per bug at most] [--only NAME[,NAME]] [--json FILE] [--list]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  seeds: { type: "string", default: "2000" },
  only: { type: "string" },
  json: { type: "string" },
  list: { type: "boolean", default: false },
};

function checkOptions(values, names) {
  const only = values.only?.split(",") ?? names;
  const stranger = only.find((name) => !names.includes(name));
  if (stranger !== undefined) throw new Error(`${stranger} is none of ${names.join(", ")}`);
  return { runs: wholeNumber(values, "seeds", { min: 1 }), only, jsonFile: values.json, isList: values.list };
}

function verdictOn(found, runs) {
  if (found === null) return `NOT FOUND in ${runs} runs`;
  const { run, profile, seed, invariant, what } = found;
  return `run ${run} (${profile}, seed ${seed}): ${invariant}, ${what}`;
}

async function hunt({ runs, only }, bugs, print) {
  const { buildSimulator } = await import("./bugs/buildSimulator.mjs");
  const { findBug } = await import("./bugs/findBug.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-bugs-"));
  const build = (bug, name) => buildSimulator(repositoryRoot, bug, join(folder, `${name}.mjs`));
  const results = [];
  try {
    const sound = await build(null, "sound");
    for (const bug of bugs.filter(({ name }) => only.includes(name))) {
      const found = findBug({ planted: await build(bug, bug.name), sound, runs });
      results.push({ name: bug.name, rule: bug.rule, found });
      print(`${bug.name.padEnd(22)} ${bug.rule}\n${" ".repeat(22)} ${verdictOn(found, runs)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

export async function run(argv) {
  const { PLANTED_BUGS } = await import("./bugs/plantedBugs.mjs");
  const print = (line) => process.stdout.write(`${line}\n`);
  const names = PLANTED_BUGS.map(({ name }) => name);
  const check = (values) => checkOptions(values, names);
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check });
  if (options === null) return EXIT_USAGE;
  if (options.isList) {
    for (const { name, rule } of PLANTED_BUGS) print(`${name.padEnd(22)} ${rule}`);
    return 0;
  }
  const results = await hunt(options, PLANTED_BUGS, print);
  const missed = results.filter(({ found }) => found === null);
  print(`bugs: ${results.length - missed.length} of ${results.length} found`);
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  return missed.length === 0 ? 0 : 1;
}
