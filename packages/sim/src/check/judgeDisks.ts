// At the end of a run every honest disk is read as after a power cut: it holds the chain that its member made final (I5),
// and who is at the same height has the same bytes (I16).
import { equalBytes } from "@festina/primitives";
import { openChainLog } from "../core/chainLog.ts";
import type { CoreWorld } from "../core/coreWorld.ts";
import { SimDisk } from "../world/disk.ts";
import { FaultCounts } from "../world/faultCounts.ts";
import type { Watch } from "./watch.ts";

/** Envelopes of the final blocks that survive, lowest first. */
function survivingBlocks(world: CoreWorld, index: number): readonly Uint8Array[] {
  const copy = new SimDisk(world.streams("power cut"), new FaultCounts());
  copy.restore(world.disk(index).image());
  return openChainLog(copy).parts.map(({ envelope }) => envelope);
}

export function judgeDisks(world: CoreWorld, watch: Watch): void {
  const agreed: Uint8Array[] = [];
  for (let index = 0; index < world.members; index++) {
    const member = world.member(index);
    if (member === null || world.faulty.has(index)) continue;
    const blocks = survivingBlocks(world, index);
    if (blocks.length !== member.chain.height)
      watch.report("I5", `member ${index} has ${member.chain.height} blocks final and ${blocks.length} on its disk`);
    const differs = blocks.findIndex((envelope, at) => agreed[at] !== undefined && !equalBytes(agreed[at], envelope));
    if (differs >= 0) watch.report("I16", `member ${index} has other bytes than others at height ${differs + 1}`);
    agreed.push(...blocks.slice(agreed.length));
  }
}
