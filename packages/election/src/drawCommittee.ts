import { keccak256 } from "@festina/crypto";
import {
  type Address,
  bytesToBigint,
  compareBytes,
  concatBytes,
  type Hash32,
  hexToBytes,
  minBigint,
  toHash32,
} from "@festina/primitives";
import type { Committee, CommitteeMember } from "@festina/types";
import type { Candidate } from "./candidate.ts";

export interface DrawInput {
  /** Of the committee to be drawn. */
  readonly epoch: number;
  readonly seed: Hash32;
  readonly candidates: readonly Candidate[];
  readonly weights: ReadonlyMap<Address, bigint>;
  /**
   * Validators without a seat in the parent state of the boundary block: leaving, void or slashed. They lose what they
   * drew and nobody else draws it: by then the seed is known, and whoever runs several validators could otherwise choose
   * the committee by choosing which of them leave.
   */
  readonly voided: ReadonlySet<Address>;
  /** First fast block of the election window: `ready()` must have been called at or after it. */
  readonly windowStartHeight: number;
  readonly seats: number;
  readonly depositPerSeatWei: bigint;
  readonly minValidators: number;
  readonly sitting: Committee;
}

/** One candidate's way through the draw, for anyone who wants to recompute it. */
export interface DrawLine {
  readonly address: Address;
  readonly weight: bigint;
  /** `null` when it took part. `voided` took part and lost its seats before the handover. */
  readonly excluded: "leaving" | "notReady" | "noWork" | "depositTooSmall" | "voided" | null;
  /** What the deposit covers. */
  readonly seatsMax: number;
  /** As drawn, before voided seats are dropped. */
  readonly seats: number;
}

export interface Draw {
  readonly committee: Committee;
  /** `sittingStays` when fewer than `minValidators` could be seated. */
  readonly outcome: "elected" | "sittingStays";
  readonly lines: readonly DrawLine[];
}

/** One pass over the entrants that are below their cap. */
export interface DrawRound {
  /** Drawn in this round, in order: the point on the line, and whose stretch it lies in. */
  readonly points: readonly { readonly point: bigint; readonly address: Address }[];
  readonly totalWeight: bigint;
}

/** A draw with everything that anyone needs to follow it. */
export interface ExplainedDraw extends Draw {
  /** u, in units of 2^-64. */
  readonly offset: bigint;
  /** Who took part, in the order of the line. */
  readonly line: readonly { readonly address: Address; readonly weight: bigint; readonly order: Hash32 }[];
  readonly rounds: readonly DrawRound[];
}

interface Entrant {
  readonly candidate: Candidate;
  readonly weight: bigint;
  readonly seatsMax: number;
  readonly order: Uint8Array;
}

const U_BITS = 64n;

/** The draw's one random number, in units of 2^-64. */
function drawOffset(seed: Hash32): bigint {
  return bytesToBigint(keccak256(concatBytes(hexToBytes(seed), Uint8Array.of(0))).subarray(0, 8));
}

/**
 * Systematic draw: entrants stand in a line, each as long as its weight; seat i falls on the point (i + u) W / N. An
 * entrant gets the floor or the ceiling of its share, and splitting or merging keys gains nothing.
 */
function drawSeats(
  entrants: readonly Entrant[],
  seats: number,
  offset: bigint,
  rounds: DrawRound[] | null,
): readonly number[] {
  const total = entrants.reduce((sum, { weight }) => sum + weight, 0n);
  const drawn = entrants.map(() => 0);
  const points: { readonly point: bigint; readonly address: Address }[] = [];
  rounds?.push({ points, totalWeight: total });
  let entrant = 0;
  let end = entrants[0]?.weight ?? 0n;
  for (let seat = 0n; seat < BigInt(seats); seat++) {
    // floor((seat + u) W / N): exact, and below W because u < 1.
    const point = (((seat << U_BITS) + offset) * total) / (BigInt(seats) << U_BITS);
    while (point >= end) end += entrants[++entrant]?.weight ?? 0n;
    drawn[entrant] = (drawn[entrant] as number) + 1;
    if (rounds !== null) points.push({ point, address: (entrants[entrant] as Entrant).candidate.address });
  }
  return drawn;
}

/** Seats above what a deposit covers are drawn again among those that can still take some; at most once per entrant. */
function drawWithCaps(
  entrants: readonly Entrant[],
  seats: number,
  offset: bigint,
  rounds: DrawRound[] | null,
): readonly number[] {
  const held = entrants.map(() => 0);
  let left = seats;
  for (let round = 0; round <= entrants.length && left > 0; round++) {
    const open = entrants.flatMap((entrant, index) => ((held[index] as number) < entrant.seatsMax ? [index] : []));
    if (open.length === 0) break;
    const drawn = drawSeats(
      open.map((index) => entrants[index] as Entrant),
      left,
      offset,
      rounds,
    );
    for (const [position, index] of open.entries()) {
      const room = (entrants[index] as Entrant).seatsMax - (held[index] as number);
      const taken = Math.min(drawn[position] as number, room);
      held[index] = (held[index] as number) + taken;
      left -= taken;
    }
  }
  return held;
}

function exclusion(candidate: Candidate, input: DrawInput): DrawLine["excluded"] {
  if (candidate.isLeaving) return "leaving";
  if (candidate.readyAt < input.windowStartHeight) return "notReady";
  if ((input.weights.get(candidate.address) ?? 0n) === 0n) return "noWork";
  if (candidate.depositWei < input.depositPerSeatWei) return "depositTooSmall";
  return null;
}

function toEntrant(candidate: Candidate, input: DrawInput): Entrant {
  return {
    candidate,
    weight: input.weights.get(candidate.address) ?? 0n,
    seatsMax: Number(minBigint(candidate.depositWei / input.depositPerSeatWei, BigInt(input.seats))),
    order: keccak256(concatBytes(hexToBytes(input.seed), hexToBytes(candidate.address))),
  };
}

function toMember({ address, payout, publicKey }: Candidate, seats: number): CommitteeMember {
  return { address, payout, publicKey, seats };
}

/** The sitting committee goes on into the next epoch, without voided members unless none would be left. */
function keepSitting({ sitting, epoch, voided }: DrawInput): Committee {
  const members = sitting.members.filter(({ address }) => !voided.has(address));
  return { epoch, members: members.length > 0 ? members : sitting.members };
}

/** Who finalises the next epoch (DESIGN.md 5). A pure function: anyone holding the inputs finds the same seats. */
export function drawCommittee(input: DrawInput): Draw {
  return drawAmong(lineUp(input), input, null);
}

/** The same draw, told point by point. */
export function explainDraw(input: DrawInput): ExplainedDraw {
  const entrants = lineUp(input);
  const rounds: DrawRound[] = [];
  return {
    ...drawAmong(entrants, input, rounds),
    offset: drawOffset(input.seed),
    line: entrants.map(({ candidate, weight, order }) => ({
      address: candidate.address,
      weight,
      order: toHash32(order),
    })),
    rounds,
  };
}

function lineUp(input: DrawInput): readonly Entrant[] {
  return input.candidates
    .filter((candidate) => exclusion(candidate, input) === null)
    .map((candidate) => toEntrant(candidate, input))
    .sort((a, b) => compareBytes(a.order, b.order));
}

function drawAmong(entrants: readonly Entrant[], input: DrawInput, rounds: DrawRound[] | null): Draw {
  const held = drawWithCaps(entrants, input.seats, drawOffset(input.seed), rounds);
  const seatsOf = new Map(entrants.map(({ candidate }, index) => [candidate.address, held[index] as number]));
  const members = entrants.flatMap(({ candidate }, index) => {
    const seats = held[index] as number;
    return seats > 0 && !input.voided.has(candidate.address) ? [toMember(candidate, seats)] : [];
  });
  const lines = input.candidates.map((candidate) => ({
    address: candidate.address,
    weight: input.weights.get(candidate.address) ?? 0n,
    excluded: exclusion(candidate, input) ?? (input.voided.has(candidate.address) ? ("voided" as const) : null),
    seatsMax: toEntrant(candidate, input).seatsMax,
    seats: seatsOf.get(candidate.address) ?? 0,
  }));
  if (members.length < input.minValidators) return { committee: keepSitting(input), outcome: "sittingStays", lines };
  return { committee: { epoch: input.epoch, members }, outcome: "elected", lines };
}
