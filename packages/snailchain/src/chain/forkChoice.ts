import { assert, type Hash32 } from "@festina/primitives";
import { isInChain, type SnailEntry } from "../block/ancestry.ts";
import type { HeaderTree } from "./headerTree.ts";

/** The snail block that the newest COMMITTED fast block points to. Every selected chain contains it. */
export interface Checkpoint {
  readonly number: number;
  readonly hash: Hash32;
}

/** Most work in block difficulties; on a tie the lowest hash, so that all nodes choose alike. */
export function isHeavier(candidate: SnailEntry, current: SnailEntry): boolean {
  if (candidate.totalDifficulty !== current.totalDifficulty) {
    return candidate.totalDifficulty > current.totalDifficulty;
  }
  return candidate.hash < current.hash;
}

/**
 * Whether the chain that ends in `tip` lacks the checkpoint. A chain still shorter than an unknown checkpoint may grow
 * into it, as one does that is being fetched.
 */
export function lacksCheckpoint(tree: HeaderTree, tip: SnailEntry, checkpoint: Checkpoint): boolean {
  if (tip.block.header.number >= checkpoint.number) {
    return !isInChain(tree, tip.hash, checkpoint.number, checkpoint.hash);
  }
  const known = tree.byHash(checkpoint.hash);
  return known !== undefined && !isInChain(tree, known.hash, tip.block.header.number, tip.hash);
}

/** The heaviest known chain that contains `settled`, which is known, and does not lack the checkpoint. */
export function heaviestWith(tree: HeaderTree, settled: Checkpoint, checkpoint: Checkpoint): SnailEntry {
  let best = tree.byHash(settled.hash);
  assert(best !== undefined, "a settled block is known");
  for (const entry of tree.entries()) {
    if (!isHeavier(entry, best)) continue;
    if (isInChain(tree, entry.hash, settled.number, settled.hash) && !lacksCheckpoint(tree, entry, checkpoint))
      best = entry;
  }
  return best;
}

export interface ReorgPlan {
  /** Newest first. */
  readonly reverted: readonly SnailEntry[];
  /** Oldest first. */
  readonly applied: readonly SnailEntry[];
}

/** The way from one tip to another through their last common ancestor. */
export function planReorg(tree: HeaderTree, from: SnailEntry, to: SnailEntry): ReorgPlan {
  const reverted: SnailEntry[] = [];
  const applied: SnailEntry[] = [];
  let old = from;
  let next = to;
  while (old.hash !== next.hash) {
    const oldNumber = old.block.header.number;
    const nextNumber = next.block.header.number;
    if (oldNumber >= nextNumber) {
      reverted.push(old);
      old = parentOf(tree, old);
    }
    if (nextNumber >= oldNumber) {
      applied.push(next);
      next = parentOf(tree, next);
    }
  }
  return { reverted, applied: applied.reverse() };
}

function parentOf(tree: HeaderTree, entry: SnailEntry): SnailEntry {
  const parent = tree.byHash(entry.block.header.parentHash);
  assert(parent !== undefined, "valid blocks have valid ancestors down to genesis");
  return parent;
}
