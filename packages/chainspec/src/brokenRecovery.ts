import type { ChainSpec, RecoveryRules } from "./chainSpec.ts";

/** A stall and its cool-down together: about two months of snail blocks on the main network. */
const CYCLE_BLOCKS_MAX = 10_000;
const FIELDS = ["stallBlocks", "coolDownBlocks", "sinceSnailBlock"] as const satisfies readonly (keyof RecoveryRules)[];

/** What is wrong with the chain spec's rules of recovery, or `null`; they may be absent. */
export function brokenRecovery({ recovery, preset }: ChainSpec): string | null {
  if (recovery === undefined) return null;
  if (typeof recovery !== "object" || recovery === null || Array.isArray(recovery)) return "recovery: expected object";
  for (const field of FIELDS)
    if (!Number.isSafeInteger(recovery[field]) || recovery[field] < 0) return `recovery.${field}: out of range`;
  for (const field of Object.keys(recovery))
    if (!(FIELDS as readonly string[]).includes(field)) return `recovery.${field}: unknown field`;
  const { stallBlocks, coolDownBlocks } = recovery;
  // A committee's anchors come a few snail blocks late at the best of times, and later in a reorganisation.
  if (stallBlocks < Math.max(1, 2 * preset.confirmDepthBlocks))
    return "recovery.stallBlocks is below twice preset.confirmDepthBlocks";
  // The window of the draw lies in the cool-down and is buried when its seed is mined.
  if (coolDownBlocks < preset.electionWindowBlocks + preset.confirmDepthBlocks)
    return "recovery.coolDownBlocks is below preset.electionWindowBlocks and preset.confirmDepthBlocks together";
  if (stallBlocks + coolDownBlocks > CYCLE_BLOCKS_MAX) return `recovery: a cycle exceeds ${CYCLE_BLOCKS_MAX} blocks`;
  if (preset.electionWindowBlocks === 0) return "recovery needs elections: preset.electionWindowBlocks is 0";
  return null;
}
