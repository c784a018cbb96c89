// The systematic draw in floating point, for millions of elections: the same line, the same points, without hashing. Audited
// against `drawCommittee` (auditDraw.ts).
import type { Dice } from "../../world/streams.ts";
import type { KeyLayout } from "./keyLayout.ts";

/** Packed fruits of an election window on mainnet: the work that elects is as much as luck has it. */
const WINDOW_FRUITS = 14_400;

/** Seats between two places of a line of length 1, whose points are (i + u) / n. */
export function seatsBetween(from: number, to: number, seats: number, u: number): number {
  return Math.ceil(to * seats - u) - Math.ceil(from * seats - u);
}

/** How many of each count of seats go to the attacker, in elections drawn one after the other from the same line-up. */
export type Draw = (held: Int32Array) => void;

export function createLineDraw(
  { attackerShare, attackerKeys, shares }: KeyLayout,
  seatCounts: readonly number[],
  dice: Dice,
): Draw {
  const order = Uint16Array.from(shares.keys());
  const spread = Math.sqrt((attackerShare * (1 - attackerShare)) / WINDOW_FRUITS);
  // Seats that are not the one side's are the other's: the side with fewer keys is counted.
  const countsOurs = 2 * attackerKeys <= shares.length;
  return (held) => {
    for (let index = 0; index < seatCounts.length; index++)
      held[index] = countsOurs ? 0 : (seatCounts[index] as number);
    shuffle(order, dice);
    const worked = Math.min(1, Math.max(0, attackerShare + spread * gauss(dice)));
    const ours = worked / attackerShare;
    const theirs = (1 - worked) / (1 - attackerShare);
    const u = dice.between(0, 1);
    let at = 0;
    for (let place = 0; place < order.length; place++) {
      const key = order[place] as number;
      const isOurs = key < attackerKeys;
      const end = at + (shares[key] as number) * (isOurs ? ours : theirs);
      if (isOurs === countsOurs) {
        const sign = countsOurs ? 1 : -1;
        for (let index = 0; index < seatCounts.length; index++)
          held[index] = (held[index] as number) + sign * seatsBetween(at, end, seatCounts[index] as number, u);
      }
      at = end;
    }
  };
}

function shuffle(order: Uint16Array, dice: Dice): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = dice.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
}

/** Normally distributed, by the polar form of Box and Muller's method. */
function gauss(dice: Dice): number {
  return Math.sqrt(-2 * Math.log(1 - dice.between(0, 1))) * Math.cos(2 * Math.PI * dice.between(0, 1));
}
