// `npm run bench -- sim`: how fast simulated time passes, on both levels, with tags and with real signatures.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

export const summary = "simulated seconds a second and events/s: consensus alone and whole nodes, tags and BLS";

const USAGE = "usage: npm run bench -- sim [--members 7] [--seconds 60] [--seeds 20] [--no-bls] [--json FILE]\n";

function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      members: { type: "string", default: "7" },
      seconds: { type: "string", default: "60" },
      seeds: { type: "string", default: "20" },
      "no-bls": { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const [members, seconds, seeds] = [values.members, values.seconds, values.seeds].map(Number);
  if (![members, seconds, seeds].every((number) => Number.isSafeInteger(number) && number >= 1))
    throw new Error("not a number above 0");
  return { members, seconds, seeds, withBls: !values["no-bls"], jsonFile: values.json };
}

const nowMs = () => performance.now();

/** A calm network of the core level, some seeds in a row. */
async function measureCore({ members, seeds }, suite) {
  const { runSeeds } = await import("@festina/sim");
  const run = (to) => runSeeds({ from: 1, to, profile: "calm", members, nowMs, ...(suite && { suite }) });
  if (suite === undefined) run(2);
  const { simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks } = run(suite ? 1 : seeds);
  return { members, simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks };
}

async function measureWhole({ members, seconds }, suite) {
  const { measureNodes } = await import("@festina/sim");
  return measureNodes({ members, seconds, nowMs, ...(suite && { suite }) });
}

function printFigures(name, figures) {
  const { simulatedPerWall, eventsPerSecond, blocks, wallSeconds } = figures;
  process.stdout.write(
    `  ${name.padEnd(26)} ${simulatedPerWall.toFixed(1).padStart(9)} simulated s/s ` +
      `${Math.round(eventsPerSecond).toString().padStart(9)} events/s  ${blocks} blocks in ${wallSeconds.toFixed(1)} s\n`,
  );
}

export async function run(argv) {
  let options;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { createSignatureSuite } = await import("@festina/adapters");
  const bls = options.withBls ? createSignatureSuite("bls") : null;
  const figures = {};
  const measure = async (name, take) => {
    figures[name] = await take();
    printFigures(name, figures[name]);
  };
  process.stdout.write(`${options.members} members, calm:\n`);
  await measure("core, tags", () => measureCore(options));
  if (bls !== null) await measure("core, BLS", () => measureCore(options, bls));
  await measure("whole nodes, tags", () => measureWhole(options));
  if (bls !== null)
    await measure("whole nodes, BLS", () => measureWhole({ ...options, seconds: Math.min(20, options.seconds) }, bls));
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version };
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ ...figures, machine }, null, 2)}\n`);
  return 0;
}
