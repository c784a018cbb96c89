// `npm run campaign -- validator`: a stranger becomes a committee member by commands alone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "a validator registered after start, supported by a miner's fruits, takes its seats and signs";

const USAGE = "usage: npm run campaign -- validator [--snail-seconds 4] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  "snail-seconds": { type: "string", default: "4" },
  json: { type: "string" },
};

function checkOptions(values) {
  return { snailSeconds: wholeNumber(values, "snail-seconds", { min: 1 }), jsonFile: values.json };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { joinCommittee } = await import("./validator/joinCommittee.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-validator-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`data in ${folder}`);
  const figures = await joinCommittee({ folder, snailSeconds: options.snailSeconds, print });
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  print(
    `validator: ${figures.seats} of ${figures.totalSeats} seats in epoch ${figures.epoch} after ${figures.seatedSeconds} s; ` +
      `in ${figures.signed} of ${figures.certificates} certificates; at the head: ${figures.isAtHead}, ${figures.doing}`,
  );
  const isGood = figures.seats > 0 && figures.signed > 0 && figures.isAtHead && /^voting in view/.test(figures.doing);
  if (isGood) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
