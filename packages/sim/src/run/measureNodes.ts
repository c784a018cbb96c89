// How fast whole nodes run in simulated time when nothing goes wrong.
import { DEVNET_PRESET } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
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
  /** Real signatures instead of tags. */
  readonly suite?: SignatureSuite;
  /** Milliseconds of the machine. */
  readonly nowMs: () => number;
}

/** Connections, first blocks, and code that runs for the first time are not what is measured. */
const WARM_UP_MS = 20_000;

/** A snail block every ten seconds from the start, at the genesis difficulty. */
const HASHES_PER_SECOND = 13;

/** The sizes and paces of a devnet: a heartbeat of a second, a snail block every ten, one miner, no transactions but duties. */
export async function measureNodes({ members, seconds, suite, nowMs }: NodeSpeedOptions): Promise<NodeSpeed> {
  const world = await WholeNodeWorld.create({
    seed: 1,
    members,
    miners: 1,
    preset: DEVNET_PRESET,
    hashesPerSecond: HASHES_PER_SECOND,
    ...(suite === undefined ? {} : { suite }),
  });
  world.bootAll();
  await world.run(WARM_UP_MS);
  const before = { events: world.scheduler.count, blocks: world.watch.height, ms: nowMs() };
  await world.run(WARM_UP_MS + seconds * 1_000);
  const wallSeconds = (nowMs() - before.ms) / 1_000;
  return {
    members,
    simulatedSeconds: seconds,
    wallSeconds,
    simulatedPerWall: seconds / wallSeconds,
    eventsPerSecond: (world.scheduler.count - before.events) / wallSeconds,
    blocks: world.watch.height - before.blocks,
    digest: world.digest.hex,
  };
}
