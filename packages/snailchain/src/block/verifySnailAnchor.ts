import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { SnailBlock } from "@festina/types";
import type { FastView } from "../ports.ts";
import { traceRun } from "../recovery/anchorRun.ts";
import { judgeStall } from "../recovery/stall.ts";
import { invalid, pending, VALID, type Verdict } from "../verdict.ts";
import { isInChain, type SnailEntry } from "./ancestry.ts";
import type { SnailContext } from "./verifySnailHeader.ts";

/** How a snail block holds on to the fast chain. A fast block this node has not committed yet makes it wait. */
export function verifySnailAnchor(block: SnailBlock, parent: SnailEntry, context: SnailContext): Verdict {
  const { header, certificate } = block;
  const { fastView, ancestry } = context;
  if (isAfterCut(block, parent, context))
    return invalid("SNAIL_ANCHOR_AFTER_CUT", "its anchor is by a committee that recovery has replaced on this branch");
  const anchor = fastView.committed(header.anchorNumber);
  if (anchor === undefined) return pending({ why: "unknownFastBlock", what: header.anchorNumber });
  if (anchor.hash !== header.anchorHash) {
    return invalid("SNAIL_ANCHOR_NOT_COMMITTED", `another fast block is committed at ${header.anchorNumber}`);
  }
  if (header.timestamp < anchorSeconds(anchor.timeMs)) {
    return invalid("SNAIL_TIME_BEFORE_ANCHOR", `time ${header.timestamp} is before the anchored block's`);
  }
  if (!isInChain(ancestry, parent.hash, anchor.pointerNumber, anchor.pointerHash)) {
    return invalid("SNAIL_OFF_FAST_POINTER", `snail block ${anchor.pointerNumber} is not the one the anchor points to`);
  }
  if (header.boundaryHash !== computeBoundaryHash(fastView, parent.block.header.anchorNumber, header.anchorNumber)) {
    return invalid("SNAIL_BOUNDARY_WRONG", "names another epoch boundary than its anchor passes");
  }
  if (certificate === null) return VALID;
  const signatures = fastView.verifyCommitted(certificate);
  if (signatures === "unknown") return pending({ why: "unknownFastBlock", what: header.anchorNumber });
  return signatures === "valid" ? VALID : invalid("SNAIL_CERTIFICATE_INVALID", "the signatures do not verify");
}

/** Whether it brings a certificate of a committee whose time to be anchored was over when its parent was mined. */
function isAfterCut({ header, certificate }: SnailBlock, parent: SnailEntry, context: SnailContext): boolean {
  if (certificate === null || header.anchorNumber === parent.block.header.anchorNumber) return false;
  if (context.spec.recovery === undefined) return false;
  const stall = judgeStall(traceRun(context.ancestry, parent.hash), context.spec);
  if (stall === null || stall.cycle === 0) return false;
  const epoch = context.fastView.recoveryEpoch(parent.block.header.anchorNumber, stall.cycle);
  return epoch !== undefined && certificate.epoch < epoch;
}

/** The second that the fast block lies in: snail time is whole seconds, and a block of the same second may anchor it. */
export function anchorSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1_000);
}

/**
 * What a block must name whose anchor moves from its parent's to `anchorNumber`: the boundary it reaches or passes (the
 * newest, should it pass several), else zero.
 */
export function computeBoundaryHash(fastView: FastView, parentAnchorNumber: number, anchorNumber: number): Hash32 {
  const boundary = fastView.boundaryAtOrBelow(anchorNumber);
  return boundary !== undefined && boundary.number > parentAnchorNumber ? boundary.hash : ZERO_HASH;
}
