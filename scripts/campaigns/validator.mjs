// `npm run campaign -- validator`: docs/become-a-validator.md followed to the letter on a devnet, from keys to exit.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "a fresh machine follows docs/become-a-validator.md: keys, deposit, seats, signatures, deposit back";

const USAGE = "usage: npm run campaign -- validator [--snail-seconds 4] [--unbonding-seconds 5] [--json FILE]\n";
const DEPOSIT_COINS = 2_500;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  "snail-seconds": { type: "string", default: "4" },
  "unbonding-seconds": { type: "string", default: "5" },
  json: { type: "string" },
};

function checkOptions(values) {
  return {
    snailSeconds: wholeNumber(values, "snail-seconds", { min: 1 }),
    unbondingSeconds: wholeNumber(values, "unbonding-seconds", { min: 1 }),
    jsonFile: values.json,
  };
}

/** What is left of the deposit after the gas of `ready()` and of the exit is all of it, but for crumbs; pay only adds. */
const isDepositBack = ({ backCoins }) => backCoins > DEPOSIT_COINS - 1;

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { followPage } = await import("./validator/followPage.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-validator-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`data in ${folder}`);
  const startMs = performance.now();
  const figures = await followPage({ folder, ...options, print });
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const isGood =
    figures.seats > 0 && figures.signed > 0 && figures.isGone && isDepositBack(figures) && figures.deaths.length === 0;
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, seconds, isGood }, null, 2)}\n`);
  print(
    `validator: ${figures.seats} of ${figures.totalSeats} seats in epoch ${figures.epoch}, in ${figures.signed} of the last ` +
      `certificates (${figures.doing}); left with ${figures.backCoins} coins more than before; ${seconds} s in all`,
  );
  if (isGood) rmSync(folder, { recursive: true, force: true });
  return isGood ? 0 : 1;
}
