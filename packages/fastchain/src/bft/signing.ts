import { ZERO_HASH } from "@festina/primitives";
import type { Vote } from "@festina/types";
import type { BftState } from "./bftState.ts";
import type { SignedRequest, VoteRequest } from "./input.ts";
import { checkSigning } from "./signingRecord.ts";

/**
 * Asks the host to sign, if our record allows it. The record changes at once, so that nothing contradictory is asked
 * for before the answer comes; the host checks its own, durable record again.
 */
export function requestSignature(state: BftState, request: SignedRequest): boolean {
  if (state.config.ownMember === null || state.ended) return false;
  const checked = checkSigning(state.record, request);
  if (!checked.ok) return false;
  state.record = checked.value;
  state.effects.push({ kind: "sign", request });
  return true;
}

/** Whether a VIEW-CHANGE of ours for the current view is out, or a COMMIT forbids it (rule S3). */
export function isGivenUp(state: BftState): boolean {
  const { view, record } = state;
  if (record.view !== view) return false;
  const isOut = state.keeper.of(view, "viewChange", state.config.ownMember ?? -1) !== undefined;
  return record.committed !== null || (record.viewChanged && isOut);
}

/** VIEW-CHANGE for the current view, unless we have signed a COMMIT in it (rule S3) or already given it up. */
export function giveUpView(state: BftState): void {
  const { view } = state;
  if (isGivenUp(state)) return;
  requestSignature(state, { kind: "viewChange", epoch: state.config.committee.epoch, view });
}

export function ownVote(state: BftState, request: VoteRequest, signature: Uint8Array): Vote {
  const blockHash = request.kind === "viewChange" ? ZERO_HASH : request.blockHash;
  return {
    kind: request.kind,
    epoch: request.epoch,
    view: request.view,
    blockHash,
    member: state.config.ownMember ?? 0,
    signature,
  };
}
