import type { Preset } from "@festina/chainspec";
import { windowOf } from "@festina/election";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import { hashSnailHeader, type SnailHeader } from "@festina/types";
import type { Ancestry } from "../ports.ts";
import type { HybridState, PointerState } from "./hybridState.ts";

export type PointerFailureCode = "POINTER_NOT_LINEAR" | "POINTER_TOO_FAR" | "POINTER_ANCHOR_UNKNOWN";

/**
 * Whether the pointer may move on at all: not past the end of the next window while a handover is pending, so that an
 * election never runs two windows late.
 */
export function pointerNumberMax(parent: Pick<HybridState, "election">, preset: Preset): number {
  if (parent.election.phase === "collecting") return Number.MAX_SAFE_INTEGER;
  return windowOf(parent.election.epoch + 1, preset).last;
}

/** The pointer after a block that names this snail header (DESIGN.md 4): a child of the last one, anchoring our branch. */
export function movePointer(
  parent: HybridState,
  header: SnailHeader,
  preset: Preset,
  ancestry: Ancestry,
): Result<PointerState, PointerFailureCode> {
  if (header.parentHash !== parent.pointer.hash || header.number !== parent.pointer.number + 1) {
    return fail("POINTER_NOT_LINEAR", `snail block ${header.number} does not follow ${parent.pointer.number}`);
  }
  if (header.number > pointerNumberMax(parent, preset)) {
    return fail("POINTER_TOO_FAR", "a handover is pending; the pointer waits at the end of the next window");
  }
  const isGenesis = header.anchorNumber === 0;
  const anchorTimeMs = ancestry.timeMsOf(header.anchorNumber);
  if (anchorTimeMs === undefined || (!isGenesis && ancestry.hashOf(header.anchorNumber) !== header.anchorHash)) {
    return fail("POINTER_ANCHOR_UNKNOWN", `snail block ${header.number} anchors a block that is not an ancestor`);
  }
  const hash: Hash32 = hashSnailHeader(header);
  return ok({ number: header.number, hash, anchorTimeMs });
}

/** Time between a block and the newest anchor its ancestry knows; beyond the bound only empty blocks are valid. */
export function isUnanchored(parent: Pick<HybridState, "pointer">, timeMs: number, preset: Preset): boolean {
  return preset.maxUnanchoredMs > 0 && timeMs - parent.pointer.anchorTimeMs > preset.maxUnanchoredMs;
}
