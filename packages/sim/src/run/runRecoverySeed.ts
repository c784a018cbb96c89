// One seed of one case of recovery: a network of whole nodes is made, struck, left to itself, and judged.
import { decodeExtraData } from "@festina/types";
import { judgeWorld } from "../check/judgeWorld.ts";
import type { Violation } from "../check/watch.ts";
import { MINER_CLASSES } from "../wholeNode/miners/minerClasses.ts";
import { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";
import { Workload } from "../wholeNode/workload.ts";
import { createStreams } from "../world/streams.ts";
import { RECOVERY_MEMBERS, RECOVERY_MINERS, type RecoveryCaseName, recoveryCase } from "./recoveryCases.ts";

export interface RecoverySeedOptions {
  readonly seed: number;
  readonly name: RecoveryCaseName;
  readonly trace?: (atMs: number, who: number, what: string) => void;
}

export interface RecoverySeedReport {
  readonly seed: number;
  readonly name: RecoveryCaseName;
  readonly digest: string;
  /** What must not happen; in cases that break the assumptions, beyond the two committees that are then to be expected. */
  readonly violations: readonly Violation[];
  /** Two committees finalised different blocks of one height. */
  readonly hasForked: boolean;
  /** Nodes that hold final blocks which the heaviest snail chain has left behind, and say so. */
  readonly stranded: number;
  /** Epochs for which the snail chain seated a committee, if only for a moment. */
  readonly seated: number;
  /** From the strike to the first block of a committee that recovery seated; `null` when there was none. */
  readonly recoveredMs: number | null;
  readonly height: number;
  readonly snailBlocks: number;
  /** Snail blocks that a reorganisation took back, over all nodes. */
  readonly reverted: number;
  readonly simulatedMs: number;
}

/** A second per snail block; members are known to be silent after eleven. */
const RECOVERY = { stallBlocks: 16, coolDownBlocks: 8, sinceSnailBlock: 0 };
const PRESET = {
  snailTargetSeconds: 1,
  electionWindowBlocks: 4,
  confirmDepthBlocks: 4,
  freshnessBlocks: 8,
  asertHalfLifeSeconds: 60,
} as const;
/** At the genesis difficulty of the simulated network, of all miners together. */
const HASHES_PER_SECOND = 128;
const BEFORE_MS = { least: 6_000, most: 10_000 };
const STEP_MS = 500;
/** Enough for two cycles, should the dice be slow or the first committee be of no use. */
const AFTER_MS_MAX = 140_000;
/** What is looked at after the chain goes on. */
const AFTERMATH_MS = 15_000;
const WORK_MS = 1_500;
/**
 * Checks that tell blocks, views and votes apart by height or epoch only, of which a fork has two; and who is on one side
 * of it bans who sends blocks of the other.
 */
const FORK: ReadonlySet<string> = new Set(["I1", "I2", "I3", "I4", "I6", "I8", "I15", "I16"]);

function createWorld({ seed, name, trace }: RecoverySeedOptions): Promise<WholeNodeWorld> {
  const { minorShare, isMinorDishonest } = recoveryCase(name);
  const dice = createStreams(seed)("recovery");
  return WholeNodeWorld.create({
    seed,
    members: RECOVERY_MEMBERS,
    miners: RECOVERY_MINERS,
    hashesPerSecond: HASHES_PER_SECOND,
    hashShares: [1 - minorShare, minorShare],
    dishonestMiners: isMinorDishonest
      ? new Map([[RECOVERY_MEMBERS + RECOVERY_MINERS - 1, dice.pick(MINER_CLASSES)]])
      : new Map(),
    preset: PRESET,
    recovery: RECOVERY,
    ...(trace === undefined ? {} : { trace }),
  });
}

/** Whether somebody holds a final block of a committee that recovery seated. */
function hasRecovered({ watch, processes }: WholeNodeWorld): boolean {
  return [...watch.seated].some(([epoch, base]) =>
    processes.some(({ node }) => {
      const header = node?.backend.chain.blockByNumber(base + 1)?.block.header;
      const extra = header === undefined ? null : decodeExtraData(header.extraData);
      return extra?.ok === true && extra.value.epoch === epoch;
    }),
  );
}

/** Runs the case to its end; answers with the time from the strike to the first block of a seated committee. */
async function runCourse(world: WholeNodeWorld, { name }: RecoverySeedOptions): Promise<number | null> {
  const { scheduler } = world;
  const dice = world.streams("course");
  const { lengthMs, strike } = recoveryCase(name);
  world.bootAll();
  new Workload(world, WORK_MS).start(Number.POSITIVE_INFINITY);
  await world.run(dice.between(BEFORE_MS.least, BEFORE_MS.most));
  const struckMs = scheduler.nowMs;
  strike(world, dice);
  const endMs = struckMs + (lengthMs ?? AFTER_MS_MAX);
  let recoveredMs: number | null = null;
  while (scheduler.nowMs < endMs && (recoveredMs === null || lengthMs !== null)) {
    await world.run(Math.min(endMs, scheduler.nowMs + STEP_MS));
    if (recoveredMs === null && hasRecovered(world)) recoveredMs = scheduler.nowMs - struckMs;
  }
  return recoveredMs;
}

function countStranded({ processes }: WholeNodeWorld): number {
  const statuses = processes.map(({ node }) => node?.backend.status().recovery ?? "");
  return statuses.filter((recovery) => recovery.includes("that this node holds")).length;
}

export async function runRecoverySeed(options: RecoverySeedOptions): Promise<RecoverySeedReport> {
  const { seed, name } = options;
  const { mayFork } = recoveryCase(name);
  const world = await createWorld(options);
  const { watch, scheduler } = world;
  const recoveredMs = await runCourse(world, options);
  const { nowMs } = scheduler;
  await world.run(nowMs + AFTERMATH_MS);
  if (!mayFork) watch.judgeLiveness({ stoppedMs: nowMs, boundMs: AFTERMATH_MS, stoppedHeight: 0 }, [], true);
  for (const { process, error } of watch.failures) watch.break("I13", `process ${process} gave up: ${String(error)}`);
  const { snailBlocks } = judgeWorld(world);
  const isFork = ({ invariant }: Violation): boolean => FORK.has(invariant);
  const hasForked = watch.violations.some(isFork);
  return {
    seed,
    name,
    digest: world.digest.hex,
    violations: mayFork ? watch.violations.filter((violation) => !isFork(violation)) : watch.violations,
    hasForked,
    stranded: countStranded(world),
    seated: watch.seated.size,
    recoveredMs,
    height: watch.height,
    snailBlocks,
    reverted: watch.snailReverted,
    simulatedMs: scheduler.nowMs,
  };
}
