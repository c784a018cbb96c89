// What goes wrong when, drawn from the seed. A plan is a value: the shrinker takes pieces of it away and runs it again.
import type { LinkConditions } from "../world/network.ts";
import { CALM_LINKS } from "../world/network.ts";
import type { Dice } from "../world/streams.ts";

export const PROFILES = ["calm", "rough", "byzantine", "mixed"] as const;
export type Profile = (typeof PROFILES)[number];

/** Faults that begin, last, and end. Those of the disk's content happen to faulty members only. */
export const STRIKES = [
  "oneWayPartition",
  "splitPartition",
  "flappingPartition",
  "slowNode",
  "pause",
  "crash",
  "crashAll",
  "fsyncError",
  "diskFull",
  "clockSkew",
  "clockJump",
] as const;
export const DISK_STRIKES = ["olderDisk", "wipedDisk", "swappedDisk", "bitRot", "misdirectedWrite"] as const;
export type StrikeKind = (typeof STRIKES)[number] | (typeof DISK_STRIKES)[number];

export interface Strike {
  readonly kind: StrikeKind;
  readonly atMs: number;
  readonly lengthMs: number;
  readonly target: number;
  /** Meaning by kind: other side of a cut, added milliseconds, and the like. */
  readonly amount: number;
}

export interface FaultPlan {
  readonly members: number;
  readonly links: LinkConditions;
  readonly strikes: readonly Strike[];
  /** Members that may break rules, and how: a class of mischief, or a disk that forgets. */
  readonly faulty: ReadonlyMap<number, string>;
  /** Class of each dishonest miner, counted from 0; where whole nodes mine. */
  readonly dishonestMiners?: ReadonlyMap<number, string>;
  /** Faults begin before this moment and have ended by it. */
  readonly stopMs: number;
  readonly endMs: number;
}

export const FORGETFUL = "forgetful disk";

const STOP_MS = 36_000;
const END_MS = 66_000;
const STRIKES_MAX = 12;
const LENGTH_MS = { mean: 3_000, max: 12_000 };

function drawLinks(dice: Dice): LinkConditions {
  const some = (probability: number, most: number): number => (dice.chance(probability) ? dice.between(0, most) : 0);
  return {
    latencyMs: dice.between(1, 60),
    jitterMs: dice.between(1, 60),
    lossRate: some(0.6, 0.3),
    duplicateRate: some(0.5, 0.3),
    corruptRate: some(0.4, 0.05),
    delayRate: some(0.5, 0.1),
    delayMaxMs: 3_000,
    bytesPerMs: dice.chance(0.2) ? dice.between(40, 400) : 0,
  };
}

function drawStrike(dice: Dice, members: number, forgetful: readonly number[], stopMs: number): Strike {
  const isDisk = forgetful.length > 0 && dice.chance(0.3);
  const kind = isDisk ? dice.pick(DISK_STRIKES) : dice.pick(STRIKES);
  const atMs = dice.between(500, stopMs - 1_000);
  const lengthMs = Math.min(dice.waiting(LENGTH_MS.mean), LENGTH_MS.max, stopMs - atMs);
  const target = isDisk ? dice.pick(forgetful) : dice.below(members);
  return { kind, atMs, lengthMs, target, amount: dice.next() };
}

/** At most a third, rounded down: the committee schedule then finds seats for them within f. */
const faultyMax = (members: number): number => Math.floor((members - 1) / 3);

/** Of more than f seats only the class that splits the honest makes full use. */
const SPLITTER = "equivocatingLeader";
const EXCESS_MS = { stop: 15_000, end: 25_000 };

function drawExcess(dice: Dice, members: number): FaultPlan {
  const faulty = new Map<number, string>();
  while (faulty.size <= faultyMax(members)) faulty.set(dice.below(members), SPLITTER);
  const { stop, end } = EXCESS_MS;
  return { members, links: CALM_LINKS, strikes: [], faulty, stopMs: stop, endMs: end };
}

function drawFaulty(
  dice: Dice,
  profile: Profile,
  members: number,
  classes: readonly string[],
): ReadonlyMap<number, string> {
  const faulty = new Map<number, string>();
  if (profile === "calm") return faulty;
  const wanted = profile === "byzantine" ? faultyMax(members) : dice.below(faultyMax(members) + 1);
  while (faulty.size < wanted) {
    const isForgetful = profile === "rough" || (profile === "mixed" && dice.chance(0.25)) || classes.length === 0;
    faulty.set(dice.below(members), isForgetful ? FORGETFUL : dice.pick(classes));
  }
  return faulty;
}

export interface PlanOptions {
  readonly profile: Profile;
  readonly members: number;
  readonly classes: readonly string[];
  /** Seats that the faulty hold above f. */
  readonly excessSeats: number;
}

export function drawPlan(dice: Dice, { profile, members, classes, excessSeats }: PlanOptions): FaultPlan {
  if (excessSeats > 0) return drawExcess(dice, members);
  const faulty = drawFaulty(dice, profile, members, classes);
  const forgetful = [...faulty].filter(([, how]) => how === FORGETFUL).map(([index]) => index);
  const isRough = profile === "rough" || profile === "mixed";
  const count = isRough ? dice.below(STRIKES_MAX + 1) : 0;
  return {
    members,
    links: isRough ? drawLinks(dice) : CALM_LINKS,
    strikes: Array.from({ length: count }, () => drawStrike(dice, members, forgetful, STOP_MS)),
    faulty,
    stopMs: STOP_MS,
    endMs: END_MS,
  };
}

/** A disk of another day, or a clock that is far off, can hide from a member that it has signed more than it knows. */
const DECEPTIVE: ReadonlySet<StrikeKind> = new Set(["olderDisk", "swappedDisk", "clockSkew", "clockJump"]);

/** Honest members whose disk may lose things, and that have every means to notice. */
export function lossyMembers({ faulty, strikes }: FaultPlan): ReadonlySet<number> {
  const deceived = new Set(strikes.filter(({ kind }) => DECEPTIVE.has(kind)).map(({ target }) => target));
  const lossy = [...faulty].filter(([index, how]) => how === FORGETFUL && !deceived.has(index));
  return new Set(lossy.map(([index]) => index));
}
