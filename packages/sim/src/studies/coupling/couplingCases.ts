// What befalls the miners while the fast chain goes on.

export interface CouplingCase {
  readonly name: string;
  /** Of the power before and after. */
  readonly power: number;
  readonly hours: number;
}

export const COUPLING_CASES: readonly CouplingCase[] = [
  { name: "nothing happens", power: 1, hours: 24 },
  { name: "no miner for 3 hours", power: 0, hours: 3 },
  { name: "no miner for 12 hours", power: 0, hours: 12 },
  { name: "no miner for 3 days", power: 0, hours: 72 },
  { name: "99 % of the power gone for 2 days", power: 0.01, hours: 48 },
  { name: "10 times the power for a day", power: 10, hours: 24 },
  { name: "100 times the power for a day", power: 100, hours: 24 },
  { name: "1,000 times the power for a day", power: 1_000, hours: 24 },
];
