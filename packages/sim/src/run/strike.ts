// Carries out one fault of a plan on a world: begins it, and ends it when its time is over.
import type { FaultCounts } from "../world/faultCounts.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Strike } from "./faultPlan.ts";

export interface StruckDisk<Image> {
  isFull: boolean;
  isSyncBroken: boolean;
  image(): Image;
  restore(image: Image): void;
  wipe(): void;
  rot(): boolean;
  misdirect(bytes: number): boolean;
}

/** What faults need of a world, of either level. Processes are numbered from 0. */
export interface StruckWorld<Image> {
  /** Processes that faults may strike. */
  readonly members: number;
  readonly scheduler: Scheduler;
  readonly counts: FaultCounts;
  readonly network: {
    cut(from: number, to: number): () => void;
    slowDown(index: number, byMs: number): void;
  };
  disk(index: number): StruckDisk<Image>;
  isUp(index: number): boolean;
  boot(index: number): void;
  crash(index: number): void;
  pause(index: number): void;
  resume(index: number): void;
  jumpClock(index: number, byMs: number): void;
  note(who: number, what: string): void;
}

const SKEW_MS_MAX = 2_000;
const JUMP_MS_MAX = 60_000;
const SLOW_MS_MAX = 800;
const FLAP_MS = 400;
const MISDIRECTED_BYTES = 64;

const everyone = (world: Pick<StruckWorld<never>, "members" | "network">): readonly number[] =>
  Array.from({ length: world.members }, (_, index) => index);

function cutAll(
  world: Pick<StruckWorld<never>, "members" | "network">,
  pairs: readonly (readonly [number, number])[],
): () => void {
  const mends = pairs.map(([from, to]) => world.network.cut(from, to));
  return () => {
    for (const mend of mends) mend();
  };
}

/** Both directions between those whose bit is set and those whose is not. */
function sides(
  world: Pick<StruckWorld<never>, "members" | "network">,
  bits: number,
): readonly (readonly [number, number])[] {
  const side = (index: number): number => (bits >>> index) & 1;
  const all = everyone(world);
  return all.flatMap((a) => all.filter((b) => side(a) !== side(b)).map((b) => [a, b] as const));
}

/** What the disk strikes need from earlier in the run. */
export interface DiskMemory<Image> {
  readonly images: ReadonlyMap<number, Image>;
}

function restartLater<Image>(world: StruckWorld<Image>, index: number, lengthMs: number): void {
  world.scheduler.after(lengthMs, () => world.boot(index));
}

function crashAndRestart<Image>(
  world: StruckWorld<Image>,
  { target, lengthMs }: Strike,
  meanwhile: () => void = () => undefined,
): void {
  world.crash(target);
  meanwhile();
  restartLater(world, target, lengthMs);
}

function strikeLinks<Image>(world: StruckWorld<Image>, strike: Strike): void {
  const { scheduler, counts } = world;
  const { target, lengthMs, amount } = strike;
  if (strike.kind === "oneWayPartition") {
    counts.note("oneWayPartition");
    const outward = everyone(world).filter((other) => other !== target);
    const pairs = outward.map((other) => (amount & 1 ? ([target, other] as const) : ([other, target] as const)));
    scheduler.after(lengthMs, cutAll(world, pairs));
  } else if (strike.kind === "splitPartition") {
    counts.note("splitPartition");
    scheduler.after(lengthMs, cutAll(world, sides(world, amount)));
  } else {
    counts.note("flappingPartition");
    const pairs = sides(world, amount);
    for (let at = 0; at < lengthMs; at += 2 * FLAP_MS)
      scheduler.after(at, () => void scheduler.after(FLAP_MS, cutAll(world, pairs)));
  }
}

function strikeDisk<Image>(world: StruckWorld<Image>, strike: Strike, memory: DiskMemory<Image>): void {
  const { counts } = world;
  const { target } = strike;
  const disk = world.disk(target);
  crashAndRestart(world, strike, () => {
    switch (strike.kind) {
      case "olderDisk": {
        const image = memory.images.get(target);
        if (image === undefined) return;
        counts.note("olderDisk");
        return disk.restore(image);
      }
      case "swappedDisk":
        counts.note("swappedDisk");
        return disk.restore(world.disk((target + 1) % world.members).image());
      case "wipedDisk":
        counts.note("wipedDisk");
        return disk.wipe();
      case "bitRot":
        if (disk.rot()) counts.note("bitRot");
        return;
      default:
        if (disk.misdirect(MISDIRECTED_BYTES)) counts.note("misdirectedWrite");
    }
  });
}

/** A disk that refuses, until it does not; then the process that died of it starts again. */
function strikeWrites<Image>(world: StruckWorld<Image>, strike: Strike, field: "isFull" | "isSyncBroken"): void {
  const disk = world.disk(strike.target);
  disk[field] = true;
  world.scheduler.after(strike.lengthMs, () => {
    disk[field] = false;
    // Its operator made room, or put in another disk, and starts it again.
    world.crash(strike.target);
    world.boot(strike.target);
  });
}

function strikeClock<Image>(world: StruckWorld<Image>, { kind, target, lengthMs, amount }: Strike): void {
  const most = kind === "clockSkew" ? SKEW_MS_MAX : JUMP_MS_MAX;
  const byMs = ((amount / 2 ** 32) * 2 - 1) * most;
  world.counts.note(kind === "clockSkew" ? "clockSkew" : "clockJump");
  world.jumpClock(target, byMs);
  world.scheduler.after(lengthMs, () => world.jumpClock(target, -byMs));
}

export function strike<Image>(world: StruckWorld<Image>, fault: Strike, memory: DiskMemory<Image>): void {
  const { scheduler, counts } = world;
  const { target, lengthMs, amount } = fault;
  world.note(target, `fault: ${fault.kind}`);
  switch (fault.kind) {
    case "oneWayPartition":
    case "splitPartition":
    case "flappingPartition":
      return strikeLinks(world, fault);
    case "slowNode":
      counts.note("slowNode");
      world.network.slowDown(target, (amount / 2 ** 32) * SLOW_MS_MAX);
      scheduler.after(lengthMs, () => world.network.slowDown(target, 0));
      return;
    case "pause":
      if (!world.isUp(target)) return;
      counts.note("pause");
      world.pause(target);
      scheduler.after(lengthMs, () => world.resume(target));
      return;
    case "crash":
      counts.note("crash");
      return crashAndRestart(world, fault);
    case "crashAll":
      for (const index of everyone(world)) {
        counts.note("crash");
        crashAndRestart(world, { ...fault, target: index });
      }
      return;
    case "fsyncError":
      return strikeWrites(world, fault, "isSyncBroken");
    case "diskFull":
      return strikeWrites(world, fault, "isFull");
    case "clockSkew":
    case "clockJump":
      return strikeClock(world, fault);
    default:
      return strikeDisk(world, fault, memory);
  }
}
