import type { HybridState } from "@festina/fastchain";
import type { Stall } from "@festina/snailchain";

export interface RecoveryFacts {
  /** Number of the newest anchored fast block. */
  readonly anchor: number;
  readonly isInConflict: boolean;
  readonly head: Pick<HybridState, "header" | "committee">;
}

const blocks = (count: number): string => (count === 1 ? "1 more snail block" : `${count} more snail blocks`);

/** What recovery will do and when, for whoever wonders why nothing becomes final. */
export function describeRecovery(stall: Stall | null, { anchor, isInConflict, head }: RecoveryFacts): string {
  if (isInConflict)
    return `recovery has gone on from block ${anchor} without the final blocks up to ${head.header.number} that this node holds: it signs nothing; the operators must agree on a restart`;
  if (stall === null) return "recovery has no say here: people have seated the committee, or nothing is anchored yet";
  const { phase, blocksLeft, cycle } = stall;
  switch (phase) {
    case "live":
      return `recovery begins after ${blocks(blocksLeft)} without a newer anchor than block ${anchor}`;
    case "coolDown":
      return `recovery: nobody signs; after ${blocks(blocksLeft)} without a newer anchor another committee goes on from block ${anchor}`;
    case "confirming":
      return `recovery: the committee of epoch ${head.committee.epoch} goes on from block ${anchor} after ${blocks(blocksLeft)}${cycle > 1 ? ` (attempt ${cycle})` : ""}`;
  }
}
