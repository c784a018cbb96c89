import { signingMessage } from "@festina/crypto";
import { fail, hexToBytes, ok, type Result } from "@festina/primitives";
import type { Certificate, PrePrepare } from "@festina/types";
import { type BftState, VIEW_WINDOW } from "./bftState.ts";
import { verifyCertificate } from "./certificates.ts";
import { leaderOf } from "./leader.ts";

export type PrePrepareFailureCode =
  | "PRE_PREPARE_EPOCH"
  | "PRE_PREPARE_VIEW"
  | "PRE_PREPARE_SIGNATURE"
  | "PRE_PREPARE_PARENT"
  | "PRE_PREPARE_SKIPS";

/** The boundary block, certified but not yet COMMITTED, may be proposed again: its own certificate is its justification. */
export function isReproposal(message: PrePrepare): boolean {
  return message.parentCertificate !== null && message.parentCertificate.blockHash === message.blockHash;
}

/** Cheap form and the leader's signature. */
export function verifyLeader(state: BftState, message: PrePrepare): Result<void, PrePrepareFailureCode> {
  const { committee, context, suite } = state.config;
  if (message.epoch !== committee.epoch) return fail("PRE_PREPARE_EPOCH", `epoch ${message.epoch}`);
  if (message.view <= state.committed.view || message.view > state.view + VIEW_WINDOW) {
    return fail("PRE_PREPARE_VIEW", `view ${message.view} is not near ${state.view}`);
  }
  const leader = committee.members[leaderOf(committee, message.view)];
  const signed = signingMessage(context, "prePrepare", message.view, message.blockHash);
  if (leader === undefined || !suite.verify(hexToBytes(leader.publicKey), signed, message.signature)) {
    return fail("PRE_PREPARE_SIGNATURE", "not signed by the view's leader");
  }
  return ok(undefined);
}

function isHeld(state: BftState, certificate: Certificate): boolean {
  const known = state.views.get(certificate.view);
  if (certificate.kind === "skipped") return known?.skipped != null;
  const held = certificate.kind === "prepared" ? known?.prepared : known?.committed;
  return held?.blockHash === certificate.blockHash;
}

function isValid(state: BftState, certificate: Certificate): boolean {
  const { committee, context, suite } = state.config;
  return isHeld(state, certificate) || verifyCertificate(certificate, committee, context, suite).ok;
}

/**
 * Rule S4: the parent is certified, and every view between the parent's and this one was skipped. Certificates that we
 * hold already are not verified again.
 */
export function verifyJustification(
  state: BftState,
  message: PrePrepare,
): Result<readonly Certificate[], PrePrepareFailureCode> {
  const { parentCertificate, parentView, skips, view } = message;
  const parentFail = (why: string) => fail("PRE_PREPARE_PARENT", why);
  if (parentCertificate === null) {
    // Only the epoch's base block needs no certificate; we know which it is while nothing else is committed.
    const isBase = parentView === 0 && (state.committed.view > 0 || message.parentHash === state.committed.hash);
    if (!isBase) return parentFail("the parent has no certificate");
  } else {
    const named = isReproposal(message) ? message.blockHash : message.parentHash;
    if (parentCertificate.kind === "skipped" || parentCertificate.blockHash !== named)
      return parentFail("the certificate is of another block");
    if (parentCertificate.view !== parentView || parentView >= view)
      return parentFail("the certificate is of another view");
    if (!isValid(state, parentCertificate)) return parentFail("the certificate does not verify");
  }
  if (skips.length !== view - parentView - 1)
    return fail("PRE_PREPARE_SKIPS", "a view between parent and proposal is not accounted for");
  for (const [index, skip] of skips.entries()) {
    const isNext = skip.kind === "skipped" && skip.view === parentView + 1 + index;
    if (!isNext || !isValid(state, skip))
      return fail("PRE_PREPARE_SKIPS", `view ${parentView + 1 + index} was not shown to be skipped`);
  }
  return ok(parentCertificate === null ? skips : [parentCertificate, ...skips]);
}
