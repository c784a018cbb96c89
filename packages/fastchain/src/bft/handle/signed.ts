import { type BftState, viewState } from "../bftState.ts";
import type { BftInput } from "../input.ts";
import { onProposalChecked } from "../prepare.ts";
import { composePrePrepare } from "../propose.ts";
import { ownVote } from "../signing.ts";
import { count, leadersVote } from "./vote.ts";

/** Our own message is recorded and signed: it goes out, and counts here like everyone's. */
export function onSigned(state: BftState, { request, signature }: Extract<BftInput, { kind: "signed" }>): void {
  if (request.kind !== "prePrepare") {
    const vote = ownVote(state, request, signature);
    state.effects.push({ kind: "broadcastVote", vote });
    if (vote.view >= state.committed.view) count(state, vote, "");
    return;
  }
  const message = composePrePrepare(state, request, signature);
  if (message === null) return;
  const { view, blockHash } = message;
  const current = viewState(state, view);
  current.proposal = message;
  current.signedByLeader = message;
  current.isLeaderVerified = true;
  current.checked = "asked";
  state.newestProposalMs = state.nowMs;
  state.effects.push({ kind: "broadcastPrePrepare", message });
  const isBoundary = state.blocks.get(blockHash)?.isBoundary ?? false;
  onProposalChecked(state, {
    kind: "proposalChecked",
    view,
    blockHash,
    verdict: "valid",
    isBoundary,
    nowMs: state.nowMs,
  });
  if (view >= state.committed.view) count(state, leadersVote(state, message), "");
}
