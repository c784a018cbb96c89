// What a lottery with replacement would give: chance that more than a third of the seats go to the attacker. The known table
// (n seats, attacker's share of the work), computed from the binomial distribution.

export const SEAT_COUNTS: readonly number[] = [7, 20, 50, 100, 200, 300];
export const ATTACKER_SHARES: readonly number[] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4];

/** Seats that may fail without harm. */
export function faultySeatsMax(seats: number): number {
  return Math.floor((seats - 1) / 3);
}

/** P(more than f of n seats), each seat being the attacker's with this probability, independently of the others. */
export function lotteryCaptureRate(seats: number, share: number): number {
  const faulty = faultySeatsMax(seats);
  let rate = 0;
  // In logarithms: the terms span more than doubles do.
  let logTerm = seats * Math.log1p(-share);
  const logOdds = Math.log(share) - Math.log1p(-share);
  for (let held = 0; held <= seats; held++) {
    if (held > faulty) rate += Math.exp(logTerm);
    logTerm += Math.log(seats - held) - Math.log(held + 1) + logOdds;
  }
  return rate;
}
