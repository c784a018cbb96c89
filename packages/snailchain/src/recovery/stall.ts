import type { ChainSpec } from "@festina/chainspec";
import type { AnchorRun } from "./anchorRun.ts";

/**
 * How far the way from a silent committee to the next one has come (docs/adr/0015). A function of one branch of the snail
 * chain, so that all nodes on it say the same, and so that a reorganisation takes back what it should.
 */
export interface Stall {
  /**
   * `live`: the seated committee signs. `coolDown`: it signs nothing any more; certificates that exist may still be
   * anchored. `confirming`: the next one is known and waits for confirmations.
   */
  readonly phase: "live" | "coolDown" | "confirming";
  /** Snail blocks until the next phase, should no newer anchor come. */
  readonly blocksLeft: number;
  /** Committees that recovery has seated on the anchor: 0 while the chain's own sits. */
  readonly cycle: number;
  /** The snail block that decided the last of them: what was not anchored up to it is not built upon. 0 while none did. */
  readonly cutNumber: number;
}

type StallRules = Pick<ChainSpec, "recovery"> & { readonly preset: Pick<ChainSpec["preset"], "confirmDepthBlocks"> };

/** `null` where recovery has no say: it is off, the stall is too old, or nothing was ever anchored. */
export function judgeStall(run: AnchorRun, { recovery, preset }: StallRules): Stall | null {
  if (recovery === undefined || run.anchorNumber === 0 || run.firstNumber < recovery.sinceSnailBlock) return null;
  const { stallBlocks, coolDownBlocks } = recovery;
  const { confirmDepthBlocks } = preset;
  const cycleBlocks = stallBlocks + coolDownBlocks;
  const length = run.tipNumber - run.firstNumber;
  const cycle = Math.floor(length / cycleBlocks);
  const cutNumber = cycle === 0 ? 0 : run.firstNumber + cycle * cycleBlocks;
  const since = length - cycle * cycleBlocks;
  if (cycle > 0 && since < confirmDepthBlocks)
    return { phase: "confirming", blocksLeft: confirmDepthBlocks - since, cycle, cutNumber };
  if (since < stallBlocks) return { phase: "live", blocksLeft: stallBlocks - since, cycle, cutNumber };
  return { phase: "coolDown", blocksLeft: cycleBlocks - since, cycle, cutNumber };
}

export interface SnailRange {
  readonly first: number;
  readonly last: number;
}

/** The blocks whose fruits elect the committee of a cut: the newest window that was buried when the cut was mined. */
export function recoveryWindow(
  cutNumber: number,
  preset: Pick<ChainSpec["preset"], "confirmDepthBlocks" | "electionWindowBlocks">,
): SnailRange {
  const last = cutNumber - preset.confirmDepthBlocks;
  return { first: last - preset.electionWindowBlocks + 1, last };
}
