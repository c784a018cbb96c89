// The options of campaigns and benches: whole numbers within bounds, and what to say where they make no sense.
import { parseArgs } from "node:util";

/** @typedef {import("node:util").ParseArgsConfig["options"]} Options */

/** When options make no sense. */
export const EXIT_USAGE = 2;

/** Thrown where `--help` is among the options. */
export class HelpAsked extends Error {
  constructor(usage) {
    super("help is asked for");
    this.usage = usage;
  }
}

/**
 * What `check` makes of the options' values. `null` where it throws, after the reason and the usage were told.
 *
 * @param {string[]} argv
 * @param {{ options: Options, usage: string, check: (values: any) => object }} reading
 * @returns {any}
 * @throws {HelpAsked}
 */
export function readOptions(argv, { options, usage, check }) {
  if (argv.includes("--help")) throw new HelpAsked(usage);
  try {
    return check(parseArgs({ args: argv, options }).values);
  } catch (error) {
    process.stderr.write(`${error.message}\n${usage}`);
    return null;
  }
}

/** One option as a whole number. @throws Error that names the option and its bounds */
export function wholeNumber(values, name, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < min || number > max)
    throw new Error(`--${name} is a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ""}`);
  return number;
}

/** The same of an option without a default, where it may be missing. */
export function givenNumber(values, name, bounds) {
  return values[name] === undefined ? undefined : wholeNumber(values, name, bounds);
}
