import { signingMessage } from "@festina/crypto";
import { fail, ok, type Result } from "@festina/primitives";
import type { Certificate, PrePrepare } from "@festina/types";
import { type BftState, VIEW_WINDOW } from "./bftState.ts";
import { verifyCertificate } from "./certificates.ts";
import { heldCertificates } from "./heldCertificates.ts";
import { leaderOf } from "./leader.ts";
import { memberKey } from "./memberKeys.ts";

export type PrePrepareFailureCode =
  | "PRE_PREPARE_EPOCH"
  | "PRE_PREPARE_VIEW"
  | "PRE_PREPARE_PARENT"
  | "PRE_PREPARE_SKIPS"
  /** A certificate is neither in the message nor here; `facts.fromView` is the lowest such view. */
  | "PRE_PREPARE_MISSING";

/** The boundary block, certified but not yet COMMITTED, may be proposed again: its own certificate is its justification. */
export function isReproposal(message: PrePrepare): boolean {
  return message.parentCertificate !== null && message.parentCertificate.blockHash === message.blockHash;
}

/** What costs nothing to see. */
export function verifyPlace(state: BftState, message: PrePrepare): Result<void, PrePrepareFailureCode> {
  const { committee } = state.config;
  if (message.epoch !== committee.epoch) return fail("PRE_PREPARE_EPOCH", `epoch ${message.epoch}`);
  if (message.view < 1 || message.view > state.view + VIEW_WINDOW) {
    return fail("PRE_PREPARE_VIEW", `view ${message.view} is not near ${state.view}`);
  }
  return ok(undefined);
}

export function isSignedByLeader(state: BftState, { view, blockHash, signature }: PrePrepare): boolean {
  const { committee, context, suite } = state.config;
  const signed = signingMessage(context, "prePrepare", view, blockHash);
  return suite.verify(memberKey(committee, leaderOf(committee, view)), signed, signature);
}

/** What we hold of the same kind, view and block; it was verified when it came. */
function findHeld(state: BftState, { kind, view, blockHash }: Certificate): Certificate | undefined {
  return heldCertificates(state, view).find((held) => held.kind === kind && held.blockHash === blockHash);
}

function isValid(state: BftState, certificate: Certificate): boolean {
  const { committee, context, suite } = state.config;
  return findHeld(state, certificate) !== undefined || verifyCertificate(certificate, committee, context, suite).ok;
}

/**
 * Rule S4: the parent is certified, and every view between the parent's and this one was skipped. Certificates that we
 * hold already are not verified again, and need not be in the message.
 */
export function verifyJustification(
  state: BftState,
  message: PrePrepare,
): Result<readonly Certificate[], PrePrepareFailureCode> {
  const parent = verifyParent(state, message);
  if (!parent.ok) return parent;
  const skips = verifySkips(state, message);
  if (!skips.ok) return skips;
  return ok(parent.value === null ? skips.value : [parent.value, ...skips.value]);
}

function verifyParent(state: BftState, message: PrePrepare): Result<Certificate | null, PrePrepareFailureCode> {
  const { parentCertificate, parentView, parentHash, view, blockHash } = message;
  const broken = (why: string) => fail("PRE_PREPARE_PARENT", why);
  if (parentView >= view) return broken("the parent's view is not below the proposal's");
  if (parentCertificate === null) {
    // Only the epoch's base block needs no certificate; we know which it is while nothing else is committed.
    if (parentView === 0)
      return state.committed.view > 0 || parentHash === state.committed.hash ? ok(null) : broken("not the base block");
    const held = heldCertificates(state, parentView).find(
      (known) => known.kind !== "skipped" && known.blockHash === parentHash,
    );
    if (held !== undefined) return ok(held);
    return fail("PRE_PREPARE_MISSING", "the parent has no certificate", { fromView: parentView });
  }
  const named = isReproposal(message) ? blockHash : parentHash;
  if (parentCertificate.kind === "skipped" || parentCertificate.blockHash !== named)
    return broken("the certificate is of another block");
  if (parentCertificate.view !== parentView) return broken("the certificate is of another view");
  return isValid(state, parentCertificate) ? ok(parentCertificate) : broken("the certificate does not verify");
}

function verifySkips(state: BftState, message: PrePrepare): Result<readonly Certificate[], PrePrepareFailureCode> {
  const { parentView, skips, view } = message;
  const broken = (why: string) => fail("PRE_PREPARE_SKIPS", why);
  const given = new Map(skips.map((skip) => [skip.view, skip]));
  const isForeign = skips.some(({ kind, view: at }) => kind !== "skipped" || at <= parentView || at >= view);
  if (isForeign || given.size !== skips.length) return broken("not one SKIPPED for each view");
  const used: Certificate[] = [];
  for (let at = parentView + 1; at < view; at++) {
    const skip = given.get(at);
    const held = heldCertificates(state, at).find(({ kind }) => kind === "skipped");
    if (held === undefined && skip === undefined)
      return fail("PRE_PREPARE_MISSING", `view ${at} was not shown to be skipped`, { fromView: at });
    if (held === undefined && skip !== undefined && !isValid(state, skip))
      return broken(`SKIPPED of view ${at} does not verify`);
    used.push((held ?? skip) as Certificate);
  }
  return ok(used);
}
