import { equalBytes } from "@festina/primitives";
import { accuseLeader, type Certificate, type PrePrepare } from "@festina/types";
import { type BftState, VIEW_WINDOW, type ViewState, viewState } from "../bftState.ts";
import { blame, expose } from "../heldCertificates.ts";
import type { BftInput, PeerName } from "../input.ts";
import { leaderOf } from "../leader.ts";
import { isSignedByLeader, verifyJustification, verifyPlace } from "../prePrepareRules.ts";
import { tryPrepare } from "../prepare.ts";
import { absorbCertificate } from "../progress.ts";
import { giveUpView } from "../signing.ts";
import { hear } from "../silence.ts";
import { onLeadersVote } from "./vote.ts";

/** Differing copies of one proposal that wait to be judged. */
const SPARES_MAX = 4;

/**
 * Only a message of the view's leader - signed by it, or come over its own session - that shows what it stands on may decide a view. Whatever
 * else arrives in its name costs its sender and leaves no trace.
 */
export function onPrePrepare(state: BftState, input: Extract<BftInput, { kind: "prePrepareReceived" }>): void {
  const { message, from, isFromLeader = false } = input;
  const { view } = message;
  const before = state.views.get(view) ?? state.past.get(view);
  if (view < 1 || view > state.view + VIEW_WINDOW || before?.isExposed) return;
  hear(state, leaderOf(state.config.committee, view));
  const isOpen = view > state.committed.view;
  if (isOpen && before?.proposal?.blockHash === message.blockHash) return keepSpare(before, message, from);
  const signedBefore = before?.signedByLeader ?? null;
  // Of a decided view only a contradiction is of interest.
  if (!isOpen && (signedBefore === null || signedBefore.blockHash === message.blockHash)) return;
  if (!verifyPlace(state, message).ok) return;
  // The first one from the leader itself is verified with the PREPAREs of its block, of which it is one.
  const isVerifiedLater = isFromLeader && signedBefore === null;
  if (!isVerifiedLater && !isSignedByLeader(state, message)) return blame(state, from, "BLAME_PROPOSAL_SIGNATURE");
  if (before !== undefined && signedBefore !== null && signedBefore.blockHash !== message.blockHash) {
    if (exposeLeader(state, before, signedBefore, message, from) && view === state.view) giveUpView(state);
    return;
  }
  const known = viewState(state, view);
  if (known.signedByLeader === null) {
    known.signedByLeader = message;
    known.isLeaderVerified = !isVerifiedLater;
  }
  takeUp(state, message, from);
  onLeadersVote(state, message, from);
}

/** Two proposals for one view. False when the first, which nobody had verified, is not signed: that proves nothing. */
function exposeLeader(
  state: BftState,
  known: ViewState,
  first: PrePrepare,
  second: PrePrepare,
  from: PeerName,
): boolean {
  if (!known.isLeaderVerified && !isSignedByLeader(state, first)) {
    known.signedByLeader = second;
    known.isLeaderVerified = true;
    return false;
  }
  known.isLeaderVerified = true;
  known.isExposed = true;
  expose(state, accuseLeader(leaderOf(state.config.committee, first.view), first, second), from);
  return true;
}

/** A message that the leader has signed becomes the view's proposal if it shows, or we know, what it stands on. */
function takeUp(state: BftState, message: PrePrepare, from: PeerName): void {
  const { view } = message;
  const known = viewState(state, view);
  const justification = verifyJustification(state, message);
  if (!justification.ok) {
    const { code, facts } = justification.error;
    if (code !== "PRE_PREPARE_MISSING") {
      // The leader has not signed this part: whoever passes it on could have changed it to make us give up the view.
      blame(state, from, "BLAME_PROPOSAL_COPY");
    } else if (known.unjustified === null) {
      known.unjustified = { message, from };
      const fromView = Number(facts?.["fromView"] ?? view - 1);
      state.effects.push({ kind: "requestCertificates", fromView, toView: view - 1, from });
    }
    return;
  }
  known.unjustified = null;
  known.proposal = message;
  known.proposalFrom = from;
  state.newestProposalMs = state.nowMs;
  absorbAll(state, justification.value, from);
  tryPrepare(state, view);
}

/** The newest first: it takes us to the proposal's view at once. */
function absorbAll(state: BftState, certificates: readonly Certificate[], from: PeerName): void {
  for (const certificate of [...certificates].reverse()) absorbCertificate(state, certificate, from, "keep");
}

/** A certificate has come: proposals that lacked one are looked at again. */
export function retryUnjustified(state: BftState): void {
  for (const known of [...state.views.values()]) {
    const { unjustified } = known;
    if (unjustified === null || known.proposal !== null) continue;
    const justification = verifyJustification(state, unjustified.message);
    if (!justification.ok && justification.error.code === "PRE_PREPARE_MISSING") continue;
    known.unjustified = null;
    takeUp(state, unjustified.message, unjustified.from);
  }
}

/**
 * The leader's signature covers the block's hash and nothing else of the message. While a copy is being judged others
 * that differ are kept, so that a peer cannot spoil an honest proposal by being the first to pass on a garbled one.
 */
function keepSpare(known: ViewState, message: PrePrepare, from: PeerName): void {
  const { proposal, checked, spares } = known;
  if (checked === "valid" || checked === "invalid" || spares.length >= SPARES_MAX || proposal === null) return;
  const copies = [proposal, ...spares.map((spare) => spare.message)];
  if (!copies.some((copy) => isSameCopy(copy, message))) spares.push({ message, from });
}

function isSameCopy(a: PrePrepare, b: PrePrepare): boolean {
  const isSameForm = a.height === b.height && a.parentHash === b.parentHash && a.parentView === b.parentView;
  return isSameForm && equalBytes(a.reveal, b.reveal) && equalBytes(a.envelope, b.envelope);
}
