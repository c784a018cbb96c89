import type { Committee } from "@festina/types";

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * One cycle of leaders: each member as often as its seats say, spread as evenly as can be (smooth weighted round
 * robin: everyone gains its weight per turn, the richest leads and pays the sum). Equal members alternate strictly, so
 * that a dead one costs one view per turn.
 */
function leaderCycle(committee: Committee): readonly number[] {
  const divisor = committee.members.reduce((gcd, { seats }) => greatestCommonDivisor(gcd, seats), 0);
  const weights = committee.members.map(({ seats }) => seats / divisor);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return Array.from({ length: total }, () => {
    let richest = 0;
    weights.forEach((weight, member) => {
      credit[member] = (credit[member] as number) + weight;
      if ((credit[member] as number) > (credit[richest] as number)) richest = member;
    });
    credit[richest] = (credit[richest] as number) - total;
    return richest;
  });
}

const cycles = new WeakMap<Committee, readonly number[]>();

/** Position of the member that proposes in `view`. Views begin at 1; the epoch shifts who begins. */
export function leaderOf(committee: Committee, view: number): number {
  let cycle = cycles.get(committee);
  if (cycle === undefined) {
    cycle = leaderCycle(committee);
    cycles.set(committee, cycle);
  }
  return cycle[(view - 1 + committee.epoch) % cycle.length] as number;
}
