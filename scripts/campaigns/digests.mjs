// `npm run campaign -- digests`: the same seed is the same run, event for event, in another process and on another Node.
import { writeFileSync } from "node:fs";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "the same seeds in several processes, and on other versions of Node: the same runs";

const USAGE =
  "usage: npm run campaign -- digests [--from 1] [--to 1000] [--profile mixed] [--level core|node] [--other-node PATH, repeatable] [--json FILE]\n";
const LEVELS = ["core", "node"];

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  from: { type: "string", default: "1" },
  to: { type: "string", default: "1000" },
  profile: { type: "string", default: "mixed" },
  level: { type: "string", default: "core" },
  "other-node": { type: "string", multiple: true, default: [] },
  json: { type: "string" },
};

function checkOptions(values, profiles) {
  const [from, to] = ["from", "to"].map((name) => wholeNumber(values, name));
  if (from > to) throw new Error("--from is above --to");
  if (!profiles.includes(values.profile)) throw new Error(`profiles are ${profiles.join(", ")}`);
  if (!LEVELS.includes(values.level)) throw new Error(`levels are ${LEVELS.join(", ")}`);
  const task = { level: values.level, profile: values.profile, from, to };
  return { task, otherNodes: values["other-node"], jsonFile: values.json };
}

export async function run(argv) {
  const { PROFILES } = await import("@festina/sim");
  const options = readOptions(argv, {
    options: OPTIONS,
    usage: USAGE,
    check: (values) => checkOptions(values, PROFILES),
  });
  if (options === null) return EXIT_USAGE;
  const { compareDigests, listRunners } = await import("./digests/compareDigests.mjs");
  const print = (line) => process.stdout.write(`${line}\n`);
  const { task, otherNodes, jsonFile } = options;
  const figures = await compareDigests({ runners: listRunners(otherNodes), task, print });
  const { versions, seeds, differing, digest } = figures;
  print(
    `digests: ${seeds} seeds of profile ${task.profile}, level ${task.level}, in ${versions.length} processes ` +
      `(Node ${versions.join(", ")}): ${differing.length} differ; digest of all ${digest}`,
  );
  if (differing.length > 0) print(`seeds that differ: ${differing.join(" ")}`);
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ ...task, ...figures }, null, 2)}\n`);
  return differing.length === 0 ? 0 : 1;
}
