import { assert } from "@festina/primitives";
import type { PrePrepare } from "@festina/types";
import { type BftState, viewState } from "./bftState.ts";
import type { BftInput, ProposalRequest } from "./input.ts";
import { leaderOf } from "./leader.ts";
import { findParent } from "./parent.ts";
import { requestSignature } from "./signing.ts";

export function isLeader(state: BftState): boolean {
  return leaderOf(state.config.committee, state.view) === state.config.ownMember;
}

/** Before a restart we proposed in this view, or gave it up: nothing else may be proposed in it (rule S1). */
function hasSpoken({ view, record }: BftState): boolean {
  return record.view === view && (record.proposed !== null || record.viewChanged);
}

/** As leader: asks for a block now, sets a timer for it, or waits for work. */
export function planProposal(state: BftState): void {
  const current = viewState(state, state.view);
  if (state.ended || !isLeader(state) || current.buildAsked || current.proposal !== null || hasSpoken(state)) return;
  const search = findParent(state, state.view);
  if (search.kind === "missing") {
    state.effects.push({ kind: "requestCertificates", fromView: search.fromView, toView: search.toView, from: "" });
    return;
  }
  const parent = state.blocks.get(search.parent.hash);
  assert(parent !== undefined, "a certified and executed parent is known");
  const repropose = parent.isBoundary && parent.height > state.committed.height ? parent.hash : null;
  const { heartbeatMs, minBlockIntervalMs } = state.config.timing;
  const isDue = state.hasWork || state.tailDue || repropose !== null;
  if (!isDue && heartbeatMs === 0) return;
  const earliestMs = state.newestProposalMs + minBlockIntervalMs;
  const atMs = Math.max(earliestMs, state.viewEnteredMs + (isDue ? 0 : heartbeatMs));
  if (atMs > state.nowMs) {
    state.effects.push({ kind: "setTimer", timer: "propose", view: state.view, atMs });
    return;
  }
  current.buildAsked = true;
  current.builtOn = search.parent;
  state.effects.push({ kind: "buildProposal", view: state.view, parentHash: search.parent.hash, repropose });
}

/** The host made our block: sign it as this view's one proposal. */
export function onProposalBuilt(state: BftState, input: Extract<BftInput, { kind: "proposalBuilt" }>): void {
  const { view, proposal } = input;
  const current = viewState(state, view);
  if (view !== state.view || !isLeader(state) || current.built !== null) return;
  if (proposal === null) {
    current.buildAsked = false;
    return;
  }
  current.built = proposal;
  state.blocks.set(proposal.blockHash, {
    hash: proposal.blockHash,
    parentHash: proposal.parentHash,
    height: proposal.height,
    executed: "valid",
    isBoundary: proposal.isBoundary,
  });
  requestSignature(state, {
    kind: "prePrepare",
    epoch: state.config.committee.epoch,
    view,
    blockHash: proposal.blockHash,
  });
}

/** Our proposal is signed: it goes out, and we prepare it like everyone else. `null` when the view has moved on. */
export function composePrePrepare(state: BftState, request: ProposalRequest, signature: Uint8Array): PrePrepare | null {
  const { view, blockHash, epoch } = request;
  const { built = null, builtOn: parent = null } = state.views.get(view) ?? {};
  if (view !== state.view || parent === null || built?.blockHash !== blockHash) return null;
  return {
    epoch,
    view,
    blockHash,
    height: built.height,
    parentHash: built.parentHash,
    parentView: parent.view,
    parentCertificate: parent.certificate,
    skips: parent.skips,
    reveal: built.reveal,
    envelope: built.envelope,
    signature,
  };
}
