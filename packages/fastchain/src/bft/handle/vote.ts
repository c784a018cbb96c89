import { accuseVoter, faultySeatsMax, type PrePrepare, type Vote } from "@festina/types";
import { type BftState, PAST_VIEWS, VIEW_WINDOW } from "../bftState.ts";
import { blame, expose, heldCertificates } from "../heldCertificates.ts";
import type { PeerName } from "../input.ts";
import { leaderOf } from "../leader.ts";
import { absorbCertificate } from "../progress.ts";
import { giveUpView, isGivenUp } from "../signing.ts";
import { hear } from "../silence.ts";
import { noteVoter } from "../spread.ts";
import type { Forgery } from "../voteKeeper.ts";

/** A vote this far below what is committed comes from a member that has lost the thread, not from a slow link. */
const LATE_VIEWS = 2;

/** Strangers and far views are dropped before any cryptography. */
export function onVote(state: BftState, vote: Vote, from: PeerName): void {
  const { committee, ownMember } = state.config;
  const { keeper, committed } = state;
  if (vote.epoch !== committee.epoch || committee.members[vote.member] === undefined) return;
  if (vote.view < 1 || vote.view > state.view + VIEW_WINDOW) return;
  hear(state, vote.member);
  noteVoter(state, from);
  const isLost = vote.view < committed.view - LATE_VIEWS || (vote.view < committed.view && vote.kind === "viewChange");
  if (isLost) helpLaggard(state, vote.view, from);
  if (vote.view < committed.view - PAST_VIEWS) return;
  const before = keeper.of(vote.view, vote.kind, vote.member);
  if (before !== undefined) {
    const contest = keeper.contest(vote);
    if (contest === "double") expose(state, accuseVoter(before, vote), from);
    if (contest === "forged") blame(state, from, "BLAME_VOTE_SIGNATURE");
    // Who repeats an old vote has not seen what came of it; a vote that is merely late is no call for help.
    if (contest === "repeated" && vote.view < state.view && !isLost) helpLaggard(state, vote.view, from);
    if (contest !== "vacated") return;
  } else if (vote.member === ownMember) {
    // The place is kept for what we sign ourselves: a forgery there would be counted, and repeated, as our own.
    return;
  }
  if (vote.view < committed.view) keeper.witness(vote, from);
  else count(state, vote, from);
  // Once a vote is found forged it is gone and proves nothing: here by the quorum it seemed to complete, then by the vote
  // it seemed to contradict.
  const isKept = (): boolean => keeper.of(vote.view, vote.kind, vote.member) === vote;
  if (isKept()) exposeSplitVote(state, vote, from);
  if (isKept()) followViewChange(state, vote);
}

/** A proposal is its leader's PREPARE. Our own comes here when others send it back after a restart. */
export function onLeadersVote(state: BftState, message: PrePrepare, from: PeerName): void {
  const vote = leadersVote(state, message);
  if (vote.member !== state.config.ownMember) onVote(state, vote, from);
  else if (state.keeper.of(vote.view, vote.kind, vote.member) === undefined) count(state, vote, from);
}

export function leadersVote(state: BftState, { epoch, view, blockHash, signature }: PrePrepare): Vote {
  return { kind: "prepare", epoch, view, blockHash, member: leaderOf(state.config.committee, view), signature };
}

/** Adds a vote, ours or another's, and acts on the certificate it may complete. */
export function count(state: BftState, vote: Vote, from: PeerName): void {
  const { certificate, forgeries } = state.keeper.add(vote, from);
  blameAll(state, forgeries);
  if (certificate !== null) absorbCertificate(state, certificate, from, "spread");
}

/** Certificates that bring a member on from a view in which it still votes. */
export function helpLaggard(state: BftState, view: number, to: PeerName): void {
  const held = heldCertificates(state, Math.max(view, state.committed.view));
  // A COMMITTED certificate says all there is to say of a view.
  const help = held[0]?.kind === "committed" ? held.slice(0, 1) : held;
  for (const certificate of help) state.effects.push({ kind: "sendCertificate", to, certificate });
}

/** COMMIT and VIEW-CHANGE of one member in one view (rules S2 and S3): signed by nobody honest. */
function exposeSplitVote(state: BftState, vote: Vote, from: PeerName): void {
  if (vote.kind === "prepare") return;
  const { keeper } = state;
  const opposite = keeper.of(vote.view, vote.kind === "commit" ? "viewChange" : "commit", vote.member);
  if (opposite === undefined) return;
  const forgeries = [...keeper.expelForged(vote), ...keeper.expelForged(opposite)];
  blameAll(state, forgeries);
  if (forgeries.length === 0) expose(state, accuseVoter(opposite, vote), from);
}

/** The leader itself has given up, or more than could all be faulty have: waiting on is of no use. */
function followViewChange(state: BftState, vote: Vote): void {
  const { committee, ownMember } = state.config;
  const { view, keeper } = state;
  if (vote.kind !== "viewChange" || vote.view !== view || ownMember === null || isGivenUp(state)) return;
  if (vote.member === leaderOf(committee, view)) {
    const forgeries = keeper.expelForged(vote);
    blameAll(state, forgeries);
    if (forgeries.length === 0) giveUpView(state);
    return;
  }
  if (keeper.claimedSeats(view, "viewChange") <= faultySeatsMax(committee)) return;
  // Anyone can claim that others gave up: only signatures count.
  const { seats, forgeries } = keeper.viewChangeSeats(view);
  blameAll(state, forgeries);
  if (seats > faultySeatsMax(committee)) giveUpView(state);
}

function blameAll(state: BftState, forgeries: readonly Forgery[]): void {
  for (const { from } of forgeries) blame(state, from, "BLAME_VOTE_SIGNATURE");
}
