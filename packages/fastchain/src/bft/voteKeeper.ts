import type { SignatureSuite, SigningContext } from "@festina/crypto";
import { assert, type Hash32, hexToBytes } from "@festina/primitives";
import { type Certificate, type Committee, quorumSeats, type Vote, type VoteKind } from "@festina/types";
import { joinVotes, voteMessage } from "./certificates.ts";

export interface Tally {
  /** A certificate, the first time a quorum is reached. */
  readonly certificate: Certificate | null;
  /** Members whose signatures turned out to be invalid. */
  readonly liars: readonly number[];
}

const NOTHING: Tally = { certificate: null, liars: [] };

type Slot = Map<number, Vote>;

/**
 * Collects the votes of an epoch. Signatures are not looked at one by one: when the weight of a quorum is there, the
 * votes are joined and verified at once, and only if that fails are the bad ones searched for and their senders named.
 * Keeps one vote per member, view and kind.
 */
export class VoteKeeper {
  readonly #committee: Committee;
  readonly #context: SigningContext;
  readonly #suite: SignatureSuite;
  readonly #views = new Map<number, Record<VoteKind, Slot>>();

  constructor(committee: Committee, context: SigningContext, suite: SignatureSuite) {
    this.#committee = committee;
    this.#context = context;
    this.#suite = suite;
  }

  /** The vote this member has cast before in the same view and kind. */
  previous(vote: Vote): Vote | undefined {
    return this.#views.get(vote.view)?.[vote.kind].get(vote.member);
  }

  /** Takes a vote of a member of the committee; the first of its member, view and kind counts. */
  add(vote: Vote): Tally {
    const member = this.#committee.members[vote.member];
    assert(member !== undefined, "votes of strangers are dropped before");
    const slots = this.#slots(vote.view);
    const slot = slots[vote.kind];
    if (slot.has(vote.member)) return NOTHING;
    slot.set(vote.member, vote);
    return this.#tally(slot, vote.kind, vote.view, vote.blockHash);
  }

  /** Makes room: what stood there was not by the member it named. */
  drop(vote: Vote): void {
    this.#views.get(vote.view)?.[vote.kind].delete(vote.member);
  }

  /** Votes of one kind and view that are here, for repeating our own. */
  of(view: number, kind: VoteKind, member: number): Vote | undefined {
    return this.#views.get(view)?.[kind].get(member);
  }

  /** Seats that have voted so in this view, for whatever block. */
  weight(view: number, kind: VoteKind): number {
    let seats = 0;
    for (const member of this.#views.get(view)?.[kind].keys() ?? [])
      seats += this.#committee.members[member]?.seats ?? 0;
    return seats;
  }

  /** Forgets views below `view`. */
  prune(view: number): void {
    for (const known of this.#views.keys()) if (known < view) this.#views.delete(known);
  }

  #slots(view: number): Record<VoteKind, Slot> {
    let slots = this.#views.get(view);
    if (slots === undefined) {
      slots = { prepare: new Map(), commit: new Map(), viewChange: new Map() };
      this.#views.set(view, slots);
    }
    return slots;
  }

  #tally(slot: Slot, kind: VoteKind, view: number, blockHash: Hash32): Tally {
    const votes = [...slot.values()].filter((vote) => vote.blockHash === blockHash);
    const seatsOf = (list: readonly Vote[]): number =>
      list.reduce((sum, { member }) => sum + (this.#committee.members[member]?.seats ?? 0), 0);
    if (seatsOf(votes) < quorumSeats(this.#committee)) return NOTHING;
    const message = voteMessage(this.#context, kind, view, blockHash);
    const liars = this.#findLiars(votes, message);
    for (const liar of liars) slot.delete(liar);
    const honest = votes.filter(({ member }) => !liars.includes(member));
    const isQuorum = seatsOf(honest) >= quorumSeats(this.#committee);
    return { certificate: isQuorum ? joinVotes(honest, this.#suite) : null, liars };
  }

  /** All at once; on failure each half by itself. */
  #findLiars(votes: readonly Vote[], message: Uint8Array): readonly number[] {
    if (votes.length === 0) return [];
    const keys = votes.map(({ member }) => hexToBytes(this.#committee.members[member]?.publicKey ?? "0x"));
    const aggregate = this.#suite.aggregate(votes.map(({ signature }) => signature));
    if (aggregate !== null && this.#suite.verifyAggregate(keys, message, aggregate)) return [];
    if (votes.length === 1) return votes.map(({ member }) => member);
    const middle = votes.length >> 1;
    return [...this.#findLiars(votes.slice(0, middle), message), ...this.#findLiars(votes.slice(middle), message)];
  }
}
