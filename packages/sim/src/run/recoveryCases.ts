// What may happen to a committee on a chain that recovers by proof of work: each case is drawn from the seed and struck upon
// a world of whole nodes.
import type { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";
import type { Dice } from "../world/streams.ts";
import { cutOff } from "./cutOff.ts";

/** Members hold 25 seats each; the miners come after them, the last of them with the smaller share of the work. */
export const RECOVERY_MEMBERS = 4;
export const RECOVERY_MINERS = 2;
const MAJOR_MINER = RECOVERY_MEMBERS;
const MINOR_MINER = RECOVERY_MEMBERS + 1;

export interface RecoveryCase {
  readonly name: RecoveryCaseName;
  /** Of all work, the second miner's. */
  readonly minorShare: number;
  /** Whether the second miner is of a dishonest class. */
  readonly isMinorDishonest: boolean;
  /** Whether two committees may come to be: the case breaks what recovery assumes. */
  readonly mayFork: boolean;
  /** How long it is looked at, from its beginning; `null`: until the chain goes on, and a while longer. */
  readonly lengthMs: number | null;
  /** Begins it. */
  readonly strike: (world: WholeNodeWorld, dice: Dice) => void;
}

export const RECOVERY_CASES = [
  "lostForGood",
  "lostAmongDishonest",
  "minersForget",
  "returnsSometime",
  "cutOffBriefly",
  "minersDivided",
  "cutOffForLong",
  "cutOffWithMiner",
] as const;
export type RecoveryCaseName = (typeof RECOVERY_CASES)[number];

/** Two of four, so that 50 of 100 seats remain where 67 are needed. */
const LOST = [2, 3] as const;
const BRIEF_MS = 9_000;
const LONG_MS = 55_000;
/** From before the stall is noticed to after the next committee has made blocks. */
const RETURN_MS_MAX = 45_000;
const LOOK_MS = 250;

const loseForGood = (world: WholeNodeWorld): void => {
  for (const index of LOST) world.crash(index);
};

/** Once the first cool-down has begun. */
function onceCool(world: WholeNodeWorld, act: () => void): void {
  world.scheduler.after(LOOK_MS, () => {
    if (world.watch.count("recoveryCoolDown") > 0) act();
    else onceCool(world, act);
  });
}

const SAFE = { minorShare: 0.3, isMinorDishonest: false, mayFork: false } as const;

export function recoveryCase(name: RecoveryCaseName): RecoveryCase {
  switch (name) {
    case "lostForGood":
      return { ...SAFE, name, lengthMs: null, strike: loseForGood };
    case "lostAmongDishonest":
      return { ...SAFE, name, minorShare: 0.45, isMinorDishonest: true, lengthMs: null, strike: loseForGood };
    case "minersForget":
      // Miners that start anew while nobody votes cannot tell who is dead: the first committee may be as dead as the last.
      return {
        ...SAFE,
        name,
        lengthMs: null,
        strike: (world) => {
          loseForGood(world);
          onceCool(world, () => {
            for (const index of [MAJOR_MINER, MINOR_MINER]) {
              world.crash(index);
              world.boot(index);
            }
          });
        },
      };
    case "returnsSometime":
      return {
        ...SAFE,
        name,
        lengthMs: RETURN_MS_MAX + 30_000,
        strike: (world, dice) => {
          loseForGood(world);
          for (const index of LOST) world.scheduler.after(dice.between(0, RETURN_MS_MAX), () => world.boot(index));
        },
      };
    case "cutOffBriefly":
      // Much less than a stall and a cool-down: nothing may come of it.
      return {
        ...SAFE,
        name,
        lengthMs: 4 * BRIEF_MS,
        strike: (world, dice) => cutOff(world, [0, 1, 2, 3], dice.between(1_000, BRIEF_MS)),
      };
    case "minersDivided":
      // The lesser miner alone with one member counts blocks too slowly to seat it.
      return {
        ...SAFE,
        name,
        lengthMs: 4 * BRIEF_MS,
        strike: (world) => cutOff(world, [3, MINOR_MINER], 2 * BRIEF_MS),
      };
    case "cutOffForLong":
      // Members that finalise without miners, miners that seat the one who is with them.
      return {
        ...SAFE,
        name,
        mayFork: true,
        lengthMs: 2 * LONG_MS,
        strike: (world) => cutOff(world, [0, 1, 2], LONG_MS),
      };
    case "cutOffWithMiner":
      return {
        ...SAFE,
        name,
        mayFork: true,
        lengthMs: 2 * LONG_MS,
        strike: (world) => cutOff(world, [3, MAJOR_MINER], LONG_MS),
      };
  }
}
