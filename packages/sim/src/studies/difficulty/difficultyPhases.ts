// What happens to the power and the honesty of miners in the course of the study, in phases of equal length.
import type { Dice } from "../../world/streams.ts";
import { HONEST, type MinerConduct } from "../world/minerConduct.ts";
import { createErratic, RUNNING_AHEAD, WARPING } from "./liars.ts";

export interface DifficultyPhase {
  readonly name: string;
  /** Of all miners together, of what they began with. */
  readonly power: number;
  /** What two miners in five do; the others are honest. */
  readonly conduct: MinerConduct;
}

export function difficultyPhases(dice: Dice): readonly DifficultyPhase[] {
  return [
    { name: "steady", power: 1, conduct: HONEST },
    { name: "ten times the power", power: 10, conduct: HONEST },
    { name: "back again", power: 1, conduct: HONEST },
    { name: "a tenth of the power", power: 0.1, conduct: HONEST },
    { name: "back again", power: 1, conduct: HONEST },
    { name: "40 % warp time: earliest times", power: 1, conduct: WARPING },
    { name: "40 % write 15 s ahead", power: 1, conduct: RUNNING_AHEAD },
    { name: "40 % write any time", power: 1, conduct: createErratic(dice) },
  ];
}
