// What `bench -- sim` measures, in this thread.
import { performance } from "node:perf_hooks";

const nowMs = () => performance.now();

/** The middle one of several equal measurements, by rate: what else the machine does comes and goes. */
const RUNS = 3;
const middle = (runs) => [...runs].sort((a, b) => a.simulatedPerWall - b.simulatedPerWall)[Math.floor(runs.length / 2)];

/** Code that is not compiled yet is not what is measured. */
export async function warmUpCore(members) {
  const { runSeeds } = await import("@festina/sim");
  runSeeds({ from: 1, to: 30, profile: "calm", members, nowMs });
}

/** A calm network of the core level, some seeds in a row, three times. */
export async function measureCore({ members, from = 1, seeds }, suite) {
  const { runSeeds } = await import("@festina/sim");
  const measure = (start) => {
    const options = { from: start, to: start + seeds - 1, profile: "calm", members, nowMs, ...(suite && { suite }) };
    const { simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks } = runSeeds(options);
    return { members, simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks };
  };
  const runs = suite === undefined ? RUNS : 1;
  return middle(Array.from({ length: runs }, (_, run) => measure(from + run * seeds)));
}

/** Whole nodes; it warms up by itself. */
export async function measureWhole({ members, miners = 1, seconds, warmUpSeconds }, suite) {
  const { measureNodes } = await import("@festina/sim");
  const warmth = warmUpSeconds === undefined ? {} : { warmUpSeconds };
  return measureNodes({ members, miners, seconds, ...warmth, nowMs, ...(suite && { suite }) });
}
