import { assert, type Hash32 } from "@festina/primitives";
import type { Committee, Vote } from "@festina/types";
import type { PeerName } from "./input.ts";

export interface Ballot {
  readonly vote: Vote;
  readonly from: PeerName;
  isVerified: boolean;
  /** Known to be one of two. */
  isExposed: boolean;
}

/** Votes of one kind in one view, at most one per member, with the seats for each block added up as they come. */
export class BallotBox {
  readonly #committee: Committee;
  /** By position in the committee. */
  readonly #ballots: (Ballot | undefined)[] = [];
  readonly #seats = new Map<Hash32, number>();

  constructor(committee: Committee) {
    this.#committee = committee;
  }

  of(member: number): Ballot | undefined {
    return this.#ballots[member];
  }

  /** The member has none here yet. */
  put(vote: Vote, from: PeerName): void {
    assert(this.#ballots[vote.member] === undefined, "a second vote of a member is contested, not counted");
    this.#ballots[vote.member] = { vote, from, isVerified: false, isExposed: false };
    this.#weigh(vote, 1);
  }

  remove(member: number): void {
    const ballot = this.#ballots[member];
    if (ballot === undefined) return;
    this.#ballots[member] = undefined;
    this.#weigh(ballot.vote, -1);
  }

  all(): readonly Ballot[] {
    return this.#ballots.filter((ballot) => ballot !== undefined);
  }

  for(blockHash: Hash32): readonly Ballot[] {
    return this.all().filter(({ vote }) => vote.blockHash === blockHash);
  }

  seatsFor(blockHash: Hash32): number {
    return this.#seats.get(blockHash) ?? 0;
  }

  /** Of everyone, for whatever block. */
  get seats(): number {
    let sum = 0;
    for (const seats of this.#seats.values()) sum += seats;
    return sum;
  }

  #weigh({ member, blockHash }: Vote, sign: 1 | -1): void {
    const seats = this.#committee.members[member]?.seats ?? 0;
    this.#seats.set(blockHash, this.seatsFor(blockHash) + sign * seats);
  }
}
