// One seed of a split: a network of whole nodes, with a miner on either side, is divided for minutes, and healed.
import { judgeSupply } from "../check/judgeNodes.ts";
import { judgeWorld } from "../check/judgeWorld.ts";
import type { Violation } from "../check/watch.ts";
import { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";
import { Workload } from "../wholeNode/workload.ts";
import { createStreams } from "../world/streams.ts";
import { cutOff } from "./cutOff.ts";

export interface SplitSeedOptions {
  readonly seed: number;
  readonly splitMs?: number;
  readonly trace?: (atMs: number, who: number, what: string) => void;
}

export interface SplitSeedReport {
  readonly seed: number;
  readonly digest: string;
  readonly violations: readonly Violation[];
  /** `committee`: one side goes on finalising. `halves`: neither has a quorum. */
  readonly kind: "committee" | "halves";
  /** The share of the work on the side without the committee's quorum, or on the second half. */
  readonly lesserShare: number;
  /** Of fast blocks: when it split, when it healed, in the end. */
  readonly heights: { readonly split: number; readonly healed: number; readonly end: number };
  /** Tips of both sides when it healed. */
  readonly snailTips: readonly [number, number];
  /** Snail blocks that a reorganisation took back, over all nodes. */
  readonly reverted: number;
  /** From healing until all had one tip of either chain again; `null` when it did not come to that. */
  readonly healedMs: number | null;
  readonly paidSnailBlocks: number;
}

export const SPLIT_MS = 300_000;
const MEMBERS = 4;
const MINERS = 2;
const HASHES_PER_SECOND = 128;
/** Elections go on, and a side may lose its place in them. */
const PRESET = {
  snailTargetSeconds: 10,
  asertHalfLifeSeconds: 60,
  electionWindowBlocks: 6,
  freshnessBlocks: 8,
} as const;
const BEFORE_MS = { least: 30_000, most: 60_000 };
const HEAL_MS_MAX = 60_000;
const AFTERMATH_MS = 60_000;
const STEP_MS = 500;
const WORK_MS = 5_000;

type Hashes = readonly (string | undefined)[];

function fastHashes(world: WholeNodeWorld, process: number): Hashes {
  const backend = world.backendOf(process);
  if (backend === undefined) return [];
  return Array.from(
    { length: backend.chain.head() + 1 },
    (_, number) => backend.chain.blockByNumber(number)?.block.hash,
  );
}

/** One chain of each kind everywhere, but for a block that is still on its way. */
function isWhole(world: WholeNodeWorld): boolean {
  const backends = world.processes.flatMap((_, process) => world.backendOf(process) ?? []);
  const fast = Math.min(...backends.map(({ chain }) => chain.head()));
  const snail = Math.min(...backends.map((backend) => backend.snail.head()));
  const isNear = backends.every(({ chain }) => chain.head() - fast <= 2);
  const hashes = new Set(backends.map(({ chain }) => chain.blockByNumber(fast)?.block.hash));
  const tips = new Set(backends.map((backend) => backend.snail.byNumber(snail)?.hash));
  return isNear && hashes.size === 1 && tips.size === 1;
}

function judgeFinality(world: WholeNodeWorld, before: readonly Hashes[], when: string): void {
  world.processes.forEach((_, process) => {
    const now = fastHashes(world, process);
    (before[process] ?? []).forEach((hash, number) => {
      if (now[number] !== hash) world.watch.break("I1", `process ${process} took back block ${number} of ${when}`);
    });
  });
}

export async function runSplitSeed({ seed, splitMs = SPLIT_MS, trace }: SplitSeedOptions): Promise<SplitSeedReport> {
  const dice = createStreams(seed)("split");
  const kind = dice.chance(0.5) ? "committee" : "halves";
  const lesserShare = 0.1 + 0.8 * (dice.below(1_000) / 1_000);
  const world = await WholeNodeWorld.create({
    seed,
    members: MEMBERS,
    miners: MINERS,
    hashesPerSecond: HASHES_PER_SECOND,
    hashShares: [1 - lesserShare, lesserShare],
    preset: PRESET,
    ...(trace === undefined ? {} : { trace }),
  });
  const { watch, scheduler } = world;
  world.bootAll();
  new Workload(world, WORK_MS).start(Number.POSITIVE_INFINITY);
  await world.run(dice.between(BEFORE_MS.least, BEFORE_MS.most));
  const lesser = [...(kind === "committee" ? [3] : [2, 3]), MEMBERS + 1];
  const snapshot = (): readonly Hashes[] => world.processes.map((_, process) => fastHashes(world, process));
  const atSplit = snapshot();
  const split = watch.height;
  cutOff(world, lesser, splitMs);
  await world.run(scheduler.nowMs + splitMs - 1);
  const atHeal = snapshot();
  const healed = watch.height;
  const tipOf = (process: number): number => world.backendOf(process)?.snail.head() ?? -1;
  const snailTips = [tipOf(MEMBERS), tipOf(MEMBERS + 1)] as const;
  const healingMs = scheduler.nowMs;
  let healedMs: number | null = null;
  while (healedMs === null && scheduler.nowMs < healingMs + HEAL_MS_MAX) {
    await world.run(scheduler.nowMs + STEP_MS);
    if (isWhole(world)) healedMs = scheduler.nowMs - healingMs;
  }
  if (healedMs === null) watch.break("I13", `no one chain within ${HEAL_MS_MAX} ms of healing`);
  await world.run(scheduler.nowMs + AFTERMATH_MS);
  if (!isWhole(world)) watch.break("I13", "the network is not whole in the end");
  if (watch.height <= healed) watch.break("I13", "nothing has become final since the network healed");
  judgeFinality(world, atSplit, "before the split");
  judgeFinality(world, atHeal, "before it healed");
  for (const { process, error } of watch.failures) watch.break("I13", `process ${process} gave up: ${String(error)}`);
  const { snailBlocks } = judgeWorld(world);
  const backend = world.backendOf(0);
  if (backend !== undefined)
    for (let number = 0; number < backend.chain.head(); number++) judgeSupply({ process: 0, backend }, watch, number);
  return {
    seed,
    digest: world.digest.hex,
    violations: watch.violations,
    kind,
    lesserShare,
    heights: { split, healed, end: watch.height },
    snailTips,
    reverted: watch.snailReverted,
    healedMs,
    paidSnailBlocks: snailBlocks,
  };
}
