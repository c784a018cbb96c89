// One seed on the level of whole nodes: draw a plan, run it, judge it.
import type { SignatureSuite } from "@festina/crypto";
import { MISCHIEF_CLASSES } from "../byzantine/mischiefClasses.ts";
import { judgeHeld } from "../check/judgeHeld.ts";
import { judgeWorld } from "../check/judgeWorld.ts";
import type { Violation } from "../check/watch.ts";
import type { MachineImage } from "../wholeNode/machineDisk.ts";
import { MINER_CLASSES } from "../wholeNode/miners/minerClasses.ts";
import { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";
import { Workload } from "../wholeNode/workload.ts";
import type { FaultKind } from "../world/faultCounts.ts";
import { CALM_LINKS } from "../world/network.ts";
import { createStreams } from "../world/streams.ts";
import { drawPlan, type FaultPlan, FORGETFUL, type Profile } from "./faultPlan.ts";
import { strike } from "./strike.ts";

export interface NodeSeedOptions {
  readonly seed: number;
  /** Drawn from the seed, 4 to 7, when absent. */
  readonly members?: number;
  readonly profile: Profile;
  /** Drawn from the seed when absent. */
  readonly plan?: FaultPlan;
  /** Above 0: one member more than f allows is dishonest, and safety must break. */
  readonly excessSeats?: number;
  /** Real signatures instead of tags. */
  readonly suite?: SignatureSuite;
  readonly trace?: (atMs: number, who: number, what: string) => void;
}

export interface NodeSeedReport {
  readonly seed: number;
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly height: number;
  readonly epochs: number;
  /** Elected lists that were computed anew. */
  readonly elections: number;
  readonly snailBlocks: number;
  readonly fruits: number;
  readonly transactions: number;
  readonly skippedViews: number;
  /** Whether those who could vote at the end held a quorum, so that a final block had to follow the faults. */
  readonly isLivenessJudged: boolean;
  /** From the end of the faults to the next final block; `null` when there was none. */
  readonly recoveryMs: number | null;
  readonly events: number;
  readonly simulatedMs: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Processes of each class of mischief. */
  readonly classes: Readonly<Record<string, number>>;
  /** How often the dishonest did other than the honest would, by class. */
  readonly acts: Readonly<Record<string, number>>;
  /** Members against whom somebody honest, or the chain, has proof. */
  readonly accused: readonly number[];
  /** Of these, the members whose deposit is gone. */
  readonly slashed: readonly number[];
  /** Members that might break rules. */
  readonly faulty: readonly number[];
}

/** Processes after the members. */
export const MINERS = 2;
const START_MS = 2_000;
const WORK_MS = 1_500;
const IMAGE_MS = 5_000;
const WEIGH_MS = 2_000;

/** With equal seats one member above f forks committees of these sizes: either half of the honest makes a quorum with it. */
const FORKABLE_MEMBERS = [4, 7] as const;

export function nodePlanOf({ seed, members, profile, excessSeats = 0 }: NodeSeedOptions): FaultPlan {
  const dice = createStreams(seed)("plan");
  const drawn = excessSeats > 0 ? dice.pick(FORKABLE_MEMBERS) : 4 + dice.below(4);
  const plan = drawPlan(dice, { profile, members: members ?? drawn, classes: MISCHIEF_CLASSES, excessSeats });
  if (excessSeats > 0) return plan;
  const isDishonest = profile === "byzantine" || (profile === "mixed" && dice.chance(0.5));
  return isDishonest ? { ...plan, dishonestMiners: new Map([[MINERS - 1, dice.pick(MINER_CLASSES)]]) } : plan;
}

function keepImages(world: WholeNodeWorld, images: Map<number, MachineImage>, faulty: readonly number[]): void {
  const take = (): void => {
    for (const index of faulty)
      if (!images.has(index) || world.scheduler.count % 2 === 0) images.set(index, world.disk(index).image());
    world.scheduler.after(IMAGE_MS, take);
  };
  world.scheduler.after(IMAGE_MS, take);
}

/** Looks now and then at what everybody holds. */
function weighNodes(world: WholeNodeWorld): void {
  world.processes.forEach(({ node, disk }, process) => {
    judgeHeld({ process, held: node?.held() ?? null, files: disk.sizes }, world.watch);
  });
  world.scheduler.after(WEIGH_MS, () => weighNodes(world));
}

function endFaults(world: WholeNodeWorld): void {
  world.network.conditions = CALM_LINKS;
  world.bootAll();
  world.note(-1, "faults end");
}

/** Whether those who keep the rules, are up and not silent hold a quorum of the sitting committee. */
function canGoOn(world: WholeNodeWorld, dishonest: ReadonlyMap<number, string>): boolean {
  const statuses = world.processes.map(({ node }) => node?.backend.status());
  const [newest] = statuses.filter((status) => status !== undefined).sort((a, b) => b.headNumber - a.headNumber);
  if (newest === undefined) return false;
  let seats = 0;
  for (const member of newest.committee) {
    const index = world.processOf(member.address);
    if (index === undefined || statuses[index] === undefined || dishonest.has(index)) continue;
    if (!world.watch.silenced.has(index)) seats += member.seats;
  }
  return seats >= newest.quorumSeats;
}

export async function runNodeSeed(options: NodeSeedOptions): Promise<NodeSeedReport> {
  const { seed, suite, trace } = options;
  const plan = options.plan ?? nodePlanOf(options);
  const dishonestMiners = new Map([...(plan.dishonestMiners ?? [])].map(([miner, how]) => [plan.members + miner, how]));
  const dishonestMembers = new Map([...plan.faulty].filter(([, how]) => how !== FORGETFUL));
  const world = await WholeNodeWorld.create({
    seed,
    members: plan.members,
    miners: MINERS,
    faulty: new Set(plan.faulty.keys()),
    dishonestMembers,
    dishonestMiners,
    ...(suite === undefined ? {} : { suite }),
    ...(trace === undefined ? {} : { trace }),
  });
  const { watch } = world;
  watch.areLinksTrue = plan.links.corruptRate === 0;
  world.bootAll();
  // Everybody is there before anything goes wrong: a network that never began is another subject.
  await world.run(Math.min(START_MS, plan.stopMs));
  const images = new Map<number, MachineImage>();
  weighNodes(world);
  keepImages(world, images, [...plan.faulty.keys()]);
  world.network.conditions = plan.links;
  const workload = new Workload(world, WORK_MS);
  workload.start(plan.endMs);
  for (const fault of plan.strikes)
    world.scheduler.after(fault.atMs - world.scheduler.nowMs, () => strike(world, fault, { images }));
  await world.run(plan.stopMs);
  endFaults(world);
  watch.nextFinalMs = null;
  const stoppedHeight = watch.height;
  await world.run(plan.endMs);
  const isLivenessJudged = canGoOn(world, dishonestMembers);
  const able = world.processes.flatMap(({ node }, index) => (node === null || plan.faulty.has(index) ? [] : [index]));
  const bound = { stoppedMs: plan.stopMs, boundMs: plan.endMs - plan.stopMs, stoppedHeight };
  watch.judgeLiveness(bound, able, isLivenessJudged);
  const { snailBlocks, fruits, elections } = judgeWorld(world);
  const classes: Record<string, number> = {};
  for (const how of [...plan.faulty.values(), ...dishonestMiners.values()]) classes[how] = (classes[how] ?? 0) + 1;
  return {
    seed,
    digest: world.digest.hex,
    violations: watch.violations,
    height: watch.height,
    epochs: watch.handovers + 1,
    elections,
    snailBlocks,
    fruits,
    transactions: workload.taken,
    skippedViews: watch.count("viewSkipped"),
    isLivenessJudged,
    recoveryMs: watch.nextFinalMs === null ? null : watch.nextFinalMs - plan.stopMs,
    events: world.scheduler.count,
    simulatedMs: plan.endMs,
    faults: world.counts.counts,
    classes,
    acts: world.acts,
    accused: [...watch.accused].sort(),
    slashed: [...watch.slashed].sort(),
    faulty: [...plan.faulty.keys()].sort(),
  };
}
