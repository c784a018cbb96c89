// The hybrid consensus along final blocks that are not executed: what header and requests say is all it takes, but for
// the registry's entries at a freeze and what left the supply outside of fees.
import { fail, ok, type Result } from "@festina/primitives";
import type { FastOutline } from "@festina/types";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { frameOf } from "./executeFastBlock.ts";
import { nextHybridState } from "./finishBlock.ts";
import { standingAfter } from "./runBlockBody.ts";
import { type FastHeaderFailureCode, verifyFastOutline } from "./verifyFastHeader.ts";

export interface FollowedBlock {
  /**
   * As execution leaves it, except: `candidates` are those of the parent, and `supply` lacks what slashing and
   * self-destruction burned.
   */
  readonly hybrid: HybridState;
  /** The ancestor whose certificate the block carries. */
  readonly certifies: number | null;
}

/** A block that a COMMITTED certificate vouches for, after its parent. */
export function followFastBlock(
  parent: HybridState,
  outline: FastOutline,
  ancestry: Ancestry,
  environment: Pick<FastChainEnvironment, "spec" | "suite" | "epochs">,
  signing: Parameters<typeof verifyFastOutline>[4],
): Result<FollowedBlock, FastHeaderFailureCode> {
  const { header, hash, requests } = outline;
  if (requests.development !== undefined) return fail("DEVELOPMENT_REFUSED", "what a developer sets must be executed");
  const shape = verifyFastOutline(parent, outline, ancestry, environment, signing);
  if (!shape.ok) return shape;
  const frame = frameOf(parent, outline, shape.value, ancestry, environment);
  const { jailed: _jailed, ...standing } = standingAfter(frame, environment);
  const mintedWei = requests.rewards.reduce((sum, { amountWei }) => sum + amountWei, 0n);
  const ending = { ...standing, candidates: parent.candidates, mintedWei, slashBurnedWei: 0n };
  const run = { baseFeeBurnedWei: header.gasUsed * header.baseFeePerGasWei, selfDestructBurnedWei: 0n };
  return ok({
    hybrid: nextHybridState(frame, header, hash, run, ending, environment),
    certifies: shape.value.certificate?.number ?? null,
  });
}
