// `npm run campaign -- storm`: one to four members at a time die by SIGKILL, hundreds of times, under load.
//
// A member's recovery is the time from the moment at which its supervisor is told to start it again until a certificate
// that an outsider hears holds a signature of its new life. What the supervisor waits between kill and start is drawn by
// the campaign and told beside, as is the chain's own recovery: the longest gap between final blocks around the kill. The
// next gust comes when every victim has recovered, a block is final and a transaction of the load was acknowledged.
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";
import { checkKeptOptions, KEPT_OPTIONS, runKept } from "./devnet/keptCampaign.mjs";

export const summary = "kill -9 of one to four members at once, again and again: nothing lost, nothing signed twice";

const USAGE =
  "usage: npm run campaign -- storm [--kills 500] [--minutes N: stops then; the same --data-dir goes on] [--seed N] [--json FILE] [--rpc-port PORT] [--data-dir DIR: goes on with the storm that lies there]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  kills: { type: "string", default: "500" },
  minutes: { type: "string" },
  ...KEPT_OPTIONS,
};

function checkOptions(values) {
  return {
    kills: wholeNumber(values, "kills", { min: 1 }),
    minutes: givenNumber(values, "minutes", { min: 1 }) ?? Number.POSITIVE_INFINITY,
    ...checkKeptOptions(values),
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runStorm } = await import("./storm/runStorm.mjs");
  return runKept({ name: "storm", item: "gusts" }, options, runStorm);
}
