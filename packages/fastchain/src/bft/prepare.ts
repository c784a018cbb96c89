import { type BftState, viewState } from "./bftState.ts";
import { blame } from "./heldCertificates.ts";
import type { BftInput } from "./input.ts";
import { leaderOf } from "./leader.ts";
import { isReproposal, verifyJustification } from "./prePrepareRules.ts";
import { requireBlock } from "./requireBlock.ts";
import { giveUpView, requestSignature } from "./signing.ts";
import { setViewTimer } from "./viewTimer.ts";

/**
 * Goes as far with the current view's proposal as can be gone: gets its parent, asks the host to judge it. Called again
 * whenever something it waits for has come.
 */
export function tryPrepare(state: BftState, view: number): void {
  const current = state.views.get(view);
  const message = current?.proposal;
  if (view !== state.view || current === undefined || message == null || current.checked !== "no" || state.ended)
    return;
  grantTime(state, view);
  if (isReproposal(message)) {
    requireBlock(state, message.blockHash, current.proposalFrom);
    const block = state.blocks.get(message.blockHash);
    if (block?.executed === "invalid") giveUpView(state);
    if (block?.executed !== "valid") return;
    // Only the last block of an epoch is ever proposed twice.
    if (block.isBoundary) acceptProposal(state, view);
    else refuseProposal(state, view, "invalid");
    return;
  }
  const parent = state.blocks.get(message.parentHash);
  if (parent?.executed !== "valid") {
    requireBlock(state, message.parentHash, current.proposalFrom);
    return;
  }
  const followsPendingBoundary = parent.isBoundary && parent.height > state.committed.height;
  if (followsPendingBoundary || message.height !== parent.height + 1) {
    // Neither height nor parent is under the signature of the message; the block's own are judged by the host.
    dropCopy(state, view);
    return;
  }
  current.checked = "asked";
  state.effects.push({ kind: "checkProposal", message });
}

export function onProposalChecked(state: BftState, input: Extract<BftInput, { kind: "proposalChecked" }>): void {
  const { view, blockHash, verdict, isBoundary } = input;
  const current = state.views.get(view);
  const message = current?.proposal;
  if (current?.checked !== "asked" || message?.blockHash !== blockHash) return;
  if (verdict === "garbled") return dropCopy(state, view);
  if (verdict !== "valid") return refuseProposal(state, view, verdict);
  if (!state.blocks.has(blockHash)) {
    const { parentHash, height } = message;
    state.blocks.set(blockHash, { hash: blockHash, parentHash, height, executed: "no", isBoundary });
  }
  // Execution runs while the PREPAREs travel.
  requireBlock(state, blockHash, current.proposalFrom);
  current.checked = "valid";
  if (view === state.view) acceptProposal(state, view);
}

/** PREPARE (rule S1: the record allows one per view). */
function acceptProposal(state: BftState, view: number): void {
  const current = viewState(state, view);
  const message = current.proposal;
  if (message === null) return;
  current.checked = "valid";
  current.spares = [];
  if (state.record.view === view && state.record.viewChanged) return;
  grantTime(state, view);
  // Whoever proposed it has signed its PREPARE with the proposal.
  if (state.record.view === view && state.record.proposed === message.blockHash) return;
  const { epoch } = state.config.committee;
  requestSignature(state, { kind: "prepare", epoch, view, blockHash: message.blockHash });
}

/** From the proposal on there is time for the rest of the view: three messages and the execution. */
function grantTime(state: BftState, view: number): void {
  const current = viewState(state, view);
  if (current.isTimed) return;
  current.isTimed = true;
  setViewTimer(state, 3 * state.deltaMs + state.config.timing.executionBudgetMs);
}

/** The signed block itself breaks a rule, or cannot be judged: the view has no use any more. */
function refuseProposal(state: BftState, view: number, verdict: "invalid" | "unavailable"): void {
  const current = viewState(state, view);
  current.checked = "invalid";
  current.spares = [];
  if (verdict === "invalid" && current.proposal !== null) {
    const leader = leaderOf(state.config.committee, view);
    state.effects.push({ kind: "proposalRefused", view, leader, blockHash: current.proposal.blockHash });
  }
  if (view === state.view) giveUpView(state);
}

/**
 * This copy is not what the leader signed. Its sender pays; the view goes on with another copy, or until its time is up,
 * for else anyone who is quick could end every view.
 */
function dropCopy(state: BftState, view: number): void {
  const current = viewState(state, view);
  blame(state, current.proposalFrom, "BLAME_PROPOSAL_COPY");
  current.proposal = null;
  current.checked = "no";
  for (let spare = current.spares.shift(); spare !== undefined; spare = current.spares.shift()) {
    if (!verifyJustification(state, spare.message).ok) {
      blame(state, spare.from, "BLAME_PROPOSAL_COPY");
      continue;
    }
    current.proposal = spare.message;
    current.proposalFrom = spare.from;
    tryPrepare(state, view);
    return;
  }
}
