// Where in its life a validator is, told from what the chain knows: nothing here asks or waits.
import type { RegistryCandidate } from "@festina/contracts";

/** In the order of a good life, with what may come between. */
export const STAGES = [
  "absent",
  "registered",
  "ready",
  "seated",
  "signing",
  "jailed",
  "slashed",
  "exiting",
  "free",
] as const;
export type Stage = (typeof STAGES)[number];

export interface LifeFacts {
  /** `null`: the registry does not know it. */
  readonly candidate: RegistryCandidate | null;
  /** Unix seconds; `null` while nobody can tell. */
  readonly withdrawableAt: number | null;
  readonly epoch: number;
  /** Held in this epoch; 0 for none. */
  readonly seats: number;
  readonly totalSeats: number;
  /** The newest certificates of this epoch: how many there are, and how many carry its signature. */
  readonly certificates: number;
  readonly signed: number;
  /** The election that is open; `null` where there are none. */
  readonly election: {
    readonly epoch: number;
    /** Its part of the fruits in the window so far. */
    readonly fruits: number;
    readonly allFruits: number;
  } | null;
  /** Of the newest final block, Unix seconds. */
  readonly headSeconds: number;
}

export interface Life {
  readonly stage: Stage;
  /** What it is, and what comes next or is to be done. */
  readonly lines: readonly string[];
}

const clockTime = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace(".000Z", " UTC");

function describeExit(facts: LifeFacts): Life {
  const { withdrawableAt, headSeconds, seats, epoch } = facts;
  if (withdrawableAt === null)
    return {
      stage: "exiting",
      lines: [
        seats > 0
          ? `leaving: it holds seats until epoch ${epoch} ends, so keep its node running`
          : "leaving: its term is not over yet, so keep its node running",
        "when the deposit is free is known once the term is over",
      ],
    };
  if (headSeconds < withdrawableAt)
    return {
      stage: "exiting",
      lines: [
        `left: the deposit is free at ${clockTime(withdrawableAt)}, in ${withdrawableAt - headSeconds} s`,
        "its node may be stopped",
      ],
    };
  return { stage: "free", lines: ["left: the deposit is free; festina validator exit takes it back"] };
}

function describeSupport({ election }: LifeFacts): string {
  if (election === null) return "this network holds no elections";
  const { epoch, fruits, allFruits } = election;
  const share = `${fruits} of ${allFruits} fruits in the window for epoch ${epoch} name it`;
  return fruits === 0 ? `${share}; miners make them name it with festina validator support` : share;
}

function describeSeat(facts: LifeFacts): Life {
  const { epoch, seats, totalSeats, certificates, signed } = facts;
  const seat = `seated: ${seats} of ${totalSeats} seats in epoch ${epoch}`;
  return signed > 0
    ? { stage: "signing", lines: [seat, `in ${signed} of the last ${certificates} certificates of the epoch`] }
    : { stage: "seated", lines: [seat, "in no certificate of the epoch yet: does its node run and follow the head?"] };
}

export function describeLife(facts: LifeFacts): Life {
  const { candidate, seats } = facts;
  if (candidate === null)
    return { stage: "absent", lines: ["not registered: festina validator register puts down the deposit"] };
  if (candidate.slashed) return { stage: "slashed", lines: ["slashed: the deposit is gone, and the key is of no use"] };
  if (candidate.exitRequestedAt !== 0) return describeExit(facts);
  if (candidate.jailed)
    return { stage: "jailed", lines: ["jailed for missed votes: start its node, then festina validator unjail"] };
  const support = describeSupport(facts);
  if (seats > 0) {
    const { stage, lines } = describeSeat(facts);
    return { stage, lines: [...lines, support] };
  }
  if (candidate.seatVoid)
    return { stage: "registered", lines: ["registered, not ready: start its node, which says ready()", support] };
  return { stage: "ready", lines: [`ready since block ${candidate.readyAt}: waiting to be elected`, support] };
}
