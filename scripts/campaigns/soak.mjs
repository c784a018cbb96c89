// `npm run campaign -- soak`: an hour of a whole network under load, with a kill or a cut every twenty seconds.
//
// One member is never killed, so that its memory can be judged over the whole run; it is cut off like the others. All
// figures of all processes are kept as a file, samples.jsonl, one line each.
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";
import { checkKeptOptions, KEPT_OPTIONS, runKept } from "./devnet/keptCampaign.mjs";

export const summary = "an hour of faults under load: stalls, heap, disk and memory of every process, kept and judged";

const USAGE =
  "usage: npm run campaign -- soak [--minutes 60] [--every 20: seconds between faults] [--faults N: stop after so many] [--seed N] [--rpc-port PORT] [--json FILE] [--data-dir DIR: goes on with the soak that lies there]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  minutes: { type: "string", default: "60" },
  every: { type: "string", default: "20" },
  faults: { type: "string" },
  ...KEPT_OPTIONS,
};

function checkOptions(values) {
  return {
    minutes: wholeNumber(values, "minutes", { min: 1, max: 10_000 }),
    everySeconds: wholeNumber(values, "every", { min: 8, max: 600 }),
    faults: givenNumber(values, "faults", { min: 1 }) ?? Number.POSITIVE_INFINITY,
    ...checkKeptOptions(values),
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runSoak } = await import("./soak/runSoak.mjs");
  return runKept({ name: "soak", item: "faults" }, options, runSoak);
}
