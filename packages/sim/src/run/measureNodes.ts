// How fast whole nodes run in simulated time when nothing goes wrong.
import { DEVNET_PRESET } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { assert } from "@festina/primitives";
import { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";

export interface NodeSpeed {
  readonly members: number;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly simulatedPerWall: number;
  readonly eventsPerSecond: number;
  readonly blocks: number;
  /** The same wherever it runs. */
  readonly digest: string;
}

export interface NodeSpeedOptions {
  readonly members: number;
  readonly seconds: number;
  readonly miners?: number;
  /** Before the measurement; two minutes when absent. */
  readonly warmUpSeconds?: number;
  /** Real signatures instead of tags. */
  readonly suite?: SignatureSuite;
  /** Milliseconds of the machine. */
  readonly nowMs: () => number;
}

/** Connections, first blocks, and code that is not compiled yet are not what is measured. */
const WARM_UP_MS = 120_000;

/** One after the other, equally long; the middle one by rate counts, since what else the machine does comes and goes. */
const RUNS = 3;

/** A snail block every ten seconds from the start, at the genesis difficulty. */
const HASHES_PER_SECOND = 13;

/** The sizes and paces of a devnet: a heartbeat of a second, a snail block every ten if anyone mines, no transactions but duties. */
export async function measureNodes(options: NodeSpeedOptions): Promise<NodeSpeed> {
  const { members, miners = 1, seconds, suite, nowMs } = options;
  const warmUpMs = options.warmUpSeconds === undefined ? WARM_UP_MS : 1_000 * options.warmUpSeconds;
  const world = await WholeNodeWorld.create({
    seed: 1,
    members,
    miners,
    preset: DEVNET_PRESET,
    hashesPerSecond: HASHES_PER_SECOND,
    ...(suite === undefined ? {} : { suite }),
  });
  world.bootAll();
  await world.run(warmUpMs);
  const runs: Omit<NodeSpeed, "digest">[] = [];
  for (let fromMs = warmUpMs; runs.length < RUNS; fromMs += seconds * 1_000) {
    const before = { events: world.scheduler.count, blocks: world.watch.height, ms: nowMs() };
    await world.run(fromMs + seconds * 1_000);
    const wallSeconds = (nowMs() - before.ms) / 1_000;
    runs.push({
      members,
      simulatedSeconds: seconds,
      wallSeconds,
      simulatedPerWall: seconds / wallSeconds,
      eventsPerSecond: (world.scheduler.count - before.events) / wallSeconds,
      blocks: world.watch.height - before.blocks,
    });
  }
  runs.sort((a, b) => a.simulatedPerWall - b.simulatedPerWall);
  const middle = runs[(RUNS - 1) / 2];
  assert(middle !== undefined, "there is a middle of an odd number of runs");
  return { ...middle, digest: world.digest.hex };
}
