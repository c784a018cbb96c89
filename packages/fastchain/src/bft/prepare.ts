import { type BftState, viewState } from "./bftState.ts";
import type { BftInput } from "./input.ts";
import { leaderOf } from "./leader.ts";
import { isReproposal } from "./prePrepareRules.ts";
import { requireBlock } from "./requireBlock.ts";
import { giveUpView, requestSignature } from "./signing.ts";

/** The proposal breaks a rule: say so and leave the view at once. */
export function refuseProposal(state: BftState, view: number): void {
  const current = viewState(state, view);
  current.checked = "invalid";
  const leader = leaderOf(state.config.committee, view);
  state.effects.push({ kind: "reportFault", member: leader, code: "FAULT_PROPOSAL", from: current.proposalFrom });
  if (view === state.view) giveUpView(state);
}

/**
 * Goes as far with the current view's proposal as can be gone: gets its parent, asks the host to judge it. Called again
 * whenever something it waits for has come.
 */
export function tryPrepare(state: BftState, view: number): void {
  const current = state.views.get(view);
  const message = current?.proposal;
  if (view !== state.view || current === undefined || message == null || current.checked !== "no" || state.ended)
    return;
  if (isReproposal(message)) {
    const block = state.blocks.get(message.blockHash);
    requireBlock(state, message.blockHash, current.proposalFrom);
    if (block?.executed !== "valid") return;
    // Only the last block of an epoch is ever proposed twice.
    if (block.isBoundary) acceptProposal(state, view);
    else refuseProposal(state, view);
    return;
  }
  const parent = state.blocks.get(message.parentHash);
  if (parent?.executed !== "valid") {
    requireBlock(state, message.parentHash, current.proposalFrom);
    return;
  }
  const followsPendingBoundary = parent.isBoundary && parent.height > state.committed.height;
  if (followsPendingBoundary || message.height !== parent.height + 1) {
    refuseProposal(state, view);
    return;
  }
  current.checked = "asked";
  state.effects.push({ kind: "checkProposal", message });
}

/** PREPARE (rule S1: the record allows one per view), and time for the rest of the view. */
function acceptProposal(state: BftState, view: number): void {
  const current = viewState(state, view);
  const message = current.proposal;
  if (message === null) return;
  current.checked = "valid";
  const { committee, timing } = state.config;
  if (state.record.view === view && state.record.viewChanged) return;
  requestSignature(state, { kind: "prepare", epoch: committee.epoch, view, blockHash: message.blockHash });
  const atMs = state.nowMs + 3 * state.deltaMs + timing.executionBudgetMs;
  state.effects.push({ kind: "setTimer", timer: "view", view, atMs });
}

export function onProposalChecked(state: BftState, input: Extract<BftInput, { kind: "proposalChecked" }>): void {
  const { view, blockHash, verdict, isBoundary } = input;
  const current = state.views.get(view);
  const message = current?.proposal;
  if (current?.checked !== "asked" || message?.blockHash !== blockHash) return;
  if (verdict === "invalid") {
    refuseProposal(state, view);
    return;
  }
  if (!state.blocks.has(blockHash)) {
    const { parentHash, height } = message;
    state.blocks.set(blockHash, { hash: blockHash, parentHash, height, executed: "no", isBoundary });
  }
  // Execution runs while the PREPAREs travel.
  requireBlock(state, blockHash, current.proposalFrom);
  if (view === state.view) acceptProposal(state, view);
  else current.checked = "valid";
}
