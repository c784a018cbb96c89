// Miners that write wrong times: as early as the rules let them, as late, or now this and now that.
import { FUTURE_SECONDS_MAX } from "@festina/snailchain";
import type { Dice } from "../../world/streams.ts";
import { HONEST, type MinerConduct } from "../world/minerConduct.ts";

/** Further back than the rules allow, so that they decide. */
const BACK_MS = 7_200_000;
/** What is further ahead waits, and whoever waits loses. */
const AHEAD_MS = FUTURE_SECONDS_MAX * 1_000;

/** Time may not be before the anchor's second, so who lies backwards anchors no more than its parent. */
export const WARPING: MinerConduct = {
  ...HONEST,
  clockMs: (nowMs) => nowMs - BACK_MS,
  anchorNumber: (_newest, lowest) => lowest,
};

export const RUNNING_AHEAD: MinerConduct = { ...HONEST, clockMs: (nowMs) => nowMs + AHEAD_MS };

export function createErratic(dice: Dice): MinerConduct {
  return {
    ...HONEST,
    clockMs: (nowMs) => nowMs + dice.between(-BACK_MS, AHEAD_MS),
    anchorNumber: (newest, lowest) => (dice.chance(0.5) ? newest : lowest),
  };
}
