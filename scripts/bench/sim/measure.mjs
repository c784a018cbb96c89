// What `bench -- sim` measures, in this thread.
import { performance } from "node:perf_hooks";

const nowMs = () => performance.now();

/** Code that is not compiled yet is not what is measured. */
export async function warmUpCore(members) {
  const { runSeeds } = await import("@festina/sim");
  runSeeds({ from: 1, to: 10, profile: "calm", members, nowMs });
}

/** A calm network of the core level, some seeds in a row. */
export async function measureCore({ members, from = 1, seeds }, suite) {
  const { runSeeds } = await import("@festina/sim");
  const to = from + seeds - 1;
  const { simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks } = runSeeds({
    from,
    to,
    profile: "calm",
    members,
    nowMs,
    ...(suite && { suite }),
  });
  return { members, simulatedSeconds, wallSeconds, simulatedPerWall, eventsPerSecond, blocks };
}

/** Whole nodes; it warms up by itself. */
export async function measureWhole({ members, miners = 1, seconds, warmUpSeconds }, suite) {
  const { measureNodes } = await import("@festina/sim");
  const warmth = warmUpSeconds === undefined ? {} : { warmUpSeconds };
  return measureNodes({ members, miners, seconds, ...warmth, nowMs, ...(suite && { suite }) });
}
