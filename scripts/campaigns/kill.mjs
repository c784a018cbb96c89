// `npm run campaign -- kill`: members and whole networks die by SIGKILL, again and again, under load.
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { checkKeptOptions, KEPT_OPTIONS, runKept } from "./devnet/keptCampaign.mjs";

export const summary = "kill -9 of one member, then of all processes, per round: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- kill [--rounds 20] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the rounds that lie there]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  rounds: { type: "string", default: "20" },
  ...KEPT_OPTIONS,
};

function checkOptions(values) {
  return {
    rounds: wholeNumber(values, "rounds", { min: 1 }),
    ...checkKeptOptions(values),
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runRounds } = await import("./kill/runRounds.mjs");
  return runKept({ name: "kill", item: "rounds" }, options, runRounds);
}
