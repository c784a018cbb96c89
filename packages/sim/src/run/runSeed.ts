// One seed: draw a plan, run it, judge it.

import type { SignatureSuite } from "@festina/crypto";
import { createMischief, MISCHIEF_CLASSES } from "../byzantine/mischiefClasses.ts";
import { judgeDisks } from "../check/judgeDisks.ts";
import { type Violation, Watch } from "../check/watch.ts";
import { holdQuorum, processOf } from "../core/committees.ts";
import { CoreWorld } from "../core/coreWorld.ts";
import type { DiskImage } from "../world/disk.ts";
import type { FaultKind } from "../world/faultCounts.ts";
import { CALM_LINKS } from "../world/network.ts";
import { createStreams, type Dice } from "../world/streams.ts";
import { drawPlan, type FaultPlan, FORGETFUL, lossyMembers, type Profile } from "./faultPlan.ts";
import { strike } from "./strike.ts";

export interface SeedReport {
  readonly seed: number;
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly height: number;
  readonly epochs: number;
  readonly skippedViews: number;
  readonly events: number;
  /** Whether those who could vote at the end held a quorum, so that a final block had to follow the faults. */
  readonly isLivenessJudged: boolean;
  /** From the end of the faults to the next final block; `null` when there was none. */
  readonly recoveryMs: number | null;
  readonly simulatedMs: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Members of each class of mischief. */
  readonly classes: Readonly<Record<string, number>>;
  /** How often those members sent other than they should have, by class. */
  readonly acts: Readonly<Record<string, number>>;
  /** Members against whom honest members have proof. */
  readonly accused: readonly number[];
  /** Heights at which different blocks are final. */
  readonly forkedHeights: readonly number[];
  /** Members that signed both of two certificates which cannot stand beside each other, compared from outside. */
  readonly convicted: readonly number[];
  /** Members that might break rules. */
  readonly faulty: readonly number[];
}

export interface SeedOptions {
  readonly seed: number;
  /** Drawn from the seed, 4 to 7, when absent. */
  readonly members?: number;
  readonly profile: Profile;
  readonly plan?: FaultPlan;
  readonly excessSeats?: number;
  /** Real signatures instead of tags. */
  readonly suite?: SignatureSuite;
  readonly trace?: (atMs: number, who: number, what: string) => void;
}

/** Between two transactions, on average. */
const WORK_MS = 5_000;
const IMAGE_MS = 5_000;
const WEIGH_MS = 3_000;
/** I13: so long after the faults a block is final. Timers may have grown to this in the time without a quorum. */
const RECOVERY_MS = 15_000;

export function planOf({ seed, members: wanted, profile, excessSeats = 0 }: SeedOptions): FaultPlan {
  const dice = createStreams(seed)("plan");
  const members = wanted ?? 4 + dice.below(4);
  return drawPlan(dice, { profile, members, classes: MISCHIEF_CLASSES, excessSeats });
}

/** Somebody sends a transaction now and then. */
function driveWork(world: CoreWorld, dice: Dice, endMs: number): void {
  const send = (): void => {
    world.addWork();
    if (world.scheduler.nowMs < endMs) world.scheduler.after(dice.waiting(WORK_MS), send);
  };
  world.scheduler.after(dice.waiting(WORK_MS), send);
}

function keepImages(world: CoreWorld, images: Map<number, DiskImage>, faulty: Iterable<number>): void {
  const members = [...faulty];
  const take = (): void => {
    for (const index of members)
      if (!images.has(index) || world.scheduler.count % 2 === 0) images.set(index, world.disk(index).image());
    world.scheduler.after(IMAGE_MS, take);
  };
  world.scheduler.after(IMAGE_MS, take);
}

/** Looks now and then at what members hold. */
function weighMembers(world: CoreWorld, watch: Watch): void {
  for (let index = 0; index < world.members; index++) {
    const held = world.member(index)?.held;
    if (held !== undefined) watch.onHeld(index, held);
    if (!world.faulty.has(index)) watch.onFiles(index, world.disk(index).sizes);
  }
  world.scheduler.after(WEIGH_MS, () => weighMembers(world, watch));
}

/** Everything is whole again: links calm, everyone up. */
function endFaults(world: CoreWorld): void {
  world.network.conditions = CALM_LINKS;
  for (let index = 0; index < world.members; index++) world.boot(index);
  world.note(-1, "faults end");
}

/** Honest members that are up, and whether those of them that vote hold a quorum. */
function thoseWhoCan(
  world: CoreWorld,
  watch: Watch,
): { readonly able: ReadonlySet<number>; readonly canGoOn: boolean } {
  const able = new Set<number>();
  for (let index = 0; index < world.members; index++)
    if (!world.faulty.has(index) && world.member(index) !== null) able.add(index);
  const voting = new Set([...able].filter((index) => !watch.silenced.has(index)));
  return { able, canGoOn: holdQuorum(world.committee(watch.nextEpoch), voting) };
}

/** Until the faults stop, then until the end; judged there. Answers whether liveness was. */
function runAndJudge(world: CoreWorld, watch: Watch, { stopMs, endMs }: FaultPlan): boolean {
  world.scheduler.runUntil(stopMs);
  const stoppedHeight = watch.height;
  endFaults(world);
  watch.nextFinalMs = null;
  world.scheduler.runUntil(endMs);
  const { able, canGoOn } = thoseWhoCan(world, watch);
  const boundMs = Math.min(RECOVERY_MS, endMs - stopMs);
  watch.judgeLiveness({ stoppedMs: stopMs, boundMs, stoppedHeight }, able, canGoOn);
  judgeDisks(world, watch);
  return canGoOn;
}

function convictedBy(world: CoreWorld, watch: Watch): readonly number[] {
  const convicted = watch.accountability.conflicts.flatMap(({ epoch, signedBoth }) =>
    signedBoth.map((position) => processOf(world.committee(epoch), position)),
  );
  return [...new Set(convicted)].sort();
}

export function runSeed(options: SeedOptions): SeedReport {
  const { seed, trace, excessSeats = 0 } = options;
  const plan = options.plan ?? planOf(options);
  const faulty = new Set(plan.faulty.keys());
  const watch = new Watch(faulty, lossyMembers(plan));
  const byzantine = [...plan.faulty].filter(([, how]) => how !== FORGETFUL);
  const world = new CoreWorld({
    seed,
    members: plan.members,
    faulty,
    excessSeats,
    mischief: new Map(byzantine.map(([index, how]) => [index, createMischief(how)])),
    watch,
    ...(options.suite === undefined ? {} : { suite: options.suite }),
    ...(trace === undefined ? {} : { trace }),
  });
  const images = new Map<number, DiskImage>();
  watch.areLinksTrue = plan.links.corruptRate === 0;
  weighMembers(world, watch);
  world.network.conditions = plan.links;
  world.start();
  driveWork(world, world.streams("work"), plan.endMs);
  keepImages(world, images, faulty);
  for (const fault of plan.strikes) world.scheduler.after(fault.atMs, () => strike(world, fault, { images }));
  const isLivenessJudged = runAndJudge(world, watch, plan);
  const classes: Record<string, number> = {};
  for (const how of plan.faulty.values()) classes[how] = (classes[how] ?? 0) + 1;
  return {
    seed,
    digest: world.digest.hex,
    violations: watch.violations,
    height: watch.height,
    epochs: watch.epochs,
    skippedViews: watch.skippedViews,
    events: world.scheduler.count,
    isLivenessJudged,
    recoveryMs: watch.nextFinalMs === null ? null : watch.nextFinalMs - plan.stopMs,
    simulatedMs: plan.endMs,
    faults: world.counts.counts,
    classes,
    acts: Object.fromEntries(world.acts),
    accused: [...watch.accused].sort(),
    forkedHeights: [...watch.forkedHeights],
    convicted: convictedBy(world, watch),
    faulty: [...faulty].sort(),
  };
}
