import type { SignatureSuite, SigningContext } from "@festina/crypto";
import { assert, equalBytes, type Hash32 } from "@festina/primitives";
import { type Certificate, type Committee, quorumSeats, type Vote, type VoteKind } from "@festina/types";
import { type Ballot, BallotBox } from "./ballotBox.ts";
import { joinVotes, verifyCertificate, voteMessage } from "./certificates.ts";
import type { PeerName } from "./input.ts";
import { memberKey } from "./memberKeys.ts";

/** A signature that does not verify: whose it claims to be, and who brought it. */
export interface Forgery {
  readonly member: number;
  readonly from: PeerName;
}

export interface Tally {
  /** A certificate, the first time a quorum for one block is reached. */
  readonly certificate: Certificate | null;
  readonly forgeries: readonly Forgery[];
}

/** What a second vote in a taken slot turned out to be. */
export type Contest =
  /** Says nothing new. */
  | "repeated"
  /** Not signed by the member it names. */
  | "forged"
  /** The member signed two different blocks; said once. */
  | "double"
  /** The first one was forged and is gone: there is room. */
  | "vacated";

interface ViewVotes {
  readonly boxes: Readonly<Record<VoteKind, BallotBox>>;
  /** Blocks of the certificates made already, so that late votes cost nothing. */
  readonly joined: Readonly<Record<VoteKind, Set<Hash32>>>;
}

const NOTHING: Tally = { certificate: null, forgeries: [] };

/**
 * Collects the votes of an epoch, one per member, view and kind. Signatures are not looked at one by one: when the
 * weight of a quorum is there, the votes are joined and verified at once, and only if that fails are the bad ones
 * searched for and their senders named.
 */
export class VoteKeeper {
  readonly #committee: Committee;
  readonly #context: SigningContext;
  readonly #suite: SignatureSuite;
  readonly #views = new Map<number, ViewVotes>();

  constructor(committee: Committee, context: SigningContext, suite: SignatureSuite) {
    this.#committee = committee;
    this.#context = context;
    this.#suite = suite;
  }

  /** Views of which votes are held. */
  get size(): number {
    return this.#views.size;
  }

  of(view: number, kind: VoteKind, member: number): Vote | undefined {
    return this.#ballot(view, kind, member)?.vote;
  }

  /** Takes a vote of a member of the committee; the first of its member, view and kind counts. */
  add(vote: Vote, from: PeerName): Tally {
    assert(this.#committee.members[vote.member] !== undefined, "votes of strangers are dropped before");
    const { boxes, joined } = this.#viewVotes(vote.view);
    const box = boxes[vote.kind];
    if (box.of(vote.member) !== undefined) return NOTHING;
    box.put(vote, from);
    if (joined[vote.kind].has(vote.blockHash)) return NOTHING;
    const quorum = quorumSeats(this.#committee);
    if (box.seatsFor(vote.blockHash) < quorum) return NOTHING;
    let certificate = this.#join(box.for(vote.blockHash));
    let forgeries: readonly Forgery[] = [];
    if (certificate === null) {
      forgeries = this.#expelForgeries(box, box.for(vote.blockHash));
      if (box.seatsFor(vote.blockHash) >= quorum) certificate = this.#join(box.for(vote.blockHash));
    }
    if (certificate !== null) joined[vote.kind].add(vote.blockHash);
    return { certificate, forgeries };
  }

  /** A certificate of all genuine votes held for this block, however late they came; `null` below a quorum. */
  join(kind: VoteKind, view: number, blockHash: Hash32): Certificate | null {
    const box = this.#views.get(view)?.boxes[kind];
    if (box === undefined) return null;
    this.#expelForgeries(box, box.for(blockHash));
    if (box.seatsFor(blockHash) < quorumSeats(this.#committee)) return null;
    const votes = box.for(blockHash).map(({ vote }) => vote);
    return joinVotes(votes, this.#suite);
  }

  /** A certificate of such votes is here already: more of them need no joining. */
  close(view: number, kind: VoteKind, blockHash: Hash32): void {
    this.#viewVotes(view).joined[kind].add(blockHash);
  }

  /** Decides about a vote whose slot is taken: the signatures tell who lies. */
  contest(vote: Vote): Contest {
    const before = this.#ballot(vote.view, vote.kind, vote.member);
    assert(before !== undefined, "only a taken slot is contested");
    const isSameBlock = before.vote.blockHash === vote.blockHash;
    if (before.isExposed || (isSameBlock && equalBytes(before.vote.signature, vote.signature))) return "repeated";
    if (!this.#verify(vote)) return "forged";
    if (this.#confirm(before)) {
      before.isExposed = !isSameBlock;
      return isSameBlock ? "repeated" : "double";
    }
    this.#views.get(vote.view)?.boxes[vote.kind].remove(vote.member);
    return "vacated";
  }

  /** Takes a vote of a decided view, which only counts against its member. */
  witness(vote: Vote, from: PeerName): void {
    this.#viewVotes(vote.view).boxes[vote.kind].put(vote, from);
  }

  /** Throws out what is kept in the name of this vote's member, if the member has not signed it. */
  expelForged({ view, kind, member }: Vote): readonly Forgery[] {
    const ballot = this.#ballot(view, kind, member);
    if (ballot === undefined || this.#confirm(ballot)) return [];
    this.#views.get(view)?.boxes[kind].remove(member);
    return [{ member, from: ballot.from }];
  }

  /** Seats that are said to have voted for this block. */
  seatsFor(view: number, kind: VoteKind, blockHash: Hash32): number {
    return this.#views.get(view)?.boxes[kind].seatsFor(blockHash) ?? 0;
  }

  /** Peers that brought votes for this block. */
  senders(view: number, kind: VoteKind, blockHash: Hash32): ReadonlySet<PeerName> {
    const senders = new Set(
      this.#views
        .get(view)
        ?.boxes[kind].for(blockHash)
        .map(({ from }) => from),
    );
    senders.delete("");
    return senders;
  }

  /** Seats that are said to have voted so in this view, for whatever block. */
  claimedSeats(view: number, kind: VoteKind): number {
    return this.#views.get(view)?.boxes[kind].seats ?? 0;
  }

  /** Seats that have given up this view; forged votes are thrown out first. */
  viewChangeSeats(view: number): { readonly seats: number; readonly forgeries: readonly Forgery[] } {
    const box = this.#views.get(view)?.boxes.viewChange;
    if (box === undefined) return { seats: 0, forgeries: [] };
    const forgeries = this.#expelForgeries(box, box.all());
    return { seats: box.seats, forgeries };
  }

  /** Forgets views below `view`. */
  prune(view: number): void {
    for (const known of this.#views.keys()) if (known < view) this.#views.delete(known);
  }

  #ballot(view: number, kind: VoteKind, member: number): Ballot | undefined {
    return this.#views.get(view)?.boxes[kind].of(member);
  }

  #viewVotes(view: number): ViewVotes {
    let votes = this.#views.get(view);
    if (votes === undefined) {
      votes = {
        boxes: {
          prepare: new BallotBox(this.#committee),
          commit: new BallotBox(this.#committee),
          viewChange: new BallotBox(this.#committee),
        },
        joined: { prepare: new Set(), commit: new Set(), viewChange: new Set() },
      };
      this.#views.set(view, votes);
    }
    return votes;
  }

  #verify(vote: Vote): boolean {
    const message = voteMessage(this.#context, vote.kind, vote.view, vote.blockHash);
    return this.#suite.verify(memberKey(this.#committee, vote.member), message, vote.signature);
  }

  #confirm(ballot: Ballot): boolean {
    ballot.isVerified ||= this.#verify(ballot.vote);
    return ballot.isVerified;
  }

  /** All of them as one verified certificate, or `null`: then some are forged. */
  #join(ballots: readonly Ballot[]): Certificate | null {
    const votes = ballots.map(({ vote }) => vote);
    const certificate = joinVotes(votes, this.#suite);
    if (certificate === null) return null;
    if (!verifyCertificate(certificate, this.#committee, this.#context, this.#suite).ok) return null;
    for (const ballot of ballots) ballot.isVerified = true;
    return certificate;
  }

  /** Verifies ballots of one message that were not verified before; the bad ones leave the box. */
  #expelForgeries(box: BallotBox, ballots: readonly Ballot[]): readonly Forgery[] {
    const fresh = ballots.filter(({ isVerified }) => !isVerified);
    const [first] = fresh;
    if (first === undefined) return [];
    const { kind, view, blockHash } = first.vote;
    const forged = this.#searchForged(fresh, voteMessage(this.#context, kind, view, blockHash));
    for (const ballot of fresh) ballot.isVerified = !forged.includes(ballot);
    for (const { vote } of forged) box.remove(vote.member);
    return forged.map(({ vote, from }) => ({ member: vote.member, from }));
  }

  /** All at once; on failure each half by itself. Depth: the logarithm of the committee's size. */
  #searchForged(ballots: readonly Ballot[], message: Uint8Array): readonly Ballot[] {
    const keys = ballots.map(({ vote }) => memberKey(this.#committee, vote.member));
    const aggregate = this.#suite.aggregate(ballots.map(({ vote }) => vote.signature));
    if (aggregate !== null && this.#suite.verifyAggregate(keys, message, aggregate)) return [];
    if (ballots.length === 1) return ballots;
    const middle = ballots.length >> 1;
    return [
      ...this.#searchForged(ballots.slice(0, middle), message),
      ...this.#searchForged(ballots.slice(middle), message),
    ];
  }
}
