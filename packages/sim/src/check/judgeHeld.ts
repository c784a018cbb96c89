// I14 on the level of whole nodes: what others can make a node keep, in memory or in files that are of use for the present
// only, stays bounded.
import type { NodeWatch } from "./nodeWatch.ts";

/** Twice the views that may be open, and then some. */
const OPEN_VIEWS_MAX = 320;

/**
 * By name. Those of consensus follow from its window of views; the others are the limits that the node's own documentation
 * promises (docs/spec), or what a run of a minute can need where those are for years.
 */
const HELD_MAX: Readonly<Record<string, number>> = {
  views: OPEN_VIEWS_MAX,
  votedViews: OPEN_VIEWS_MAX,
  blocks: OPEN_VIEWS_MAX,
  earlyMessages: 1_024,
  receivedBlocks: 256,
  waitingProposals: 64,
  executedBlocks: 256,
  // Two pieces against each of seven members.
  evidence: 14,
  // One every second and a half, and everybody's `ready()`.
  transactions: 128,
  // As many as may be packed while one is fresh.
  fruits: 64,
  waitingFruits: 512,
  waitingSnailBlocks: 256,
};

/** The journal is emptied above a quarter of this; the two copies of the record. */
const FILE_BYTES_MAX: Readonly<Record<string, number>> = { "consensus.journal": 1024 * 1024, "signing.record": 8_192 };

export interface HeldByProcess {
  readonly process: number;
  /** Counts by name; `null` while its node is down. */
  readonly held: Readonly<Record<string, number>> | null;
  /** Bytes by file name. */
  readonly files: Readonly<Record<string, number>>;
}

export function judgeHeld({ process, held, files }: HeldByProcess, watch: NodeWatch): void {
  for (const [what, count] of Object.entries(held ?? {})) {
    const most = HELD_MAX[what];
    if (most === undefined) watch.break("I14", `nobody says how many ${what} process ${process} may hold`);
    else if (count > most) watch.break("I14", `process ${process} holds ${count} ${what}`);
  }
  for (const [name, most] of Object.entries(FILE_BYTES_MAX))
    if ((files[name] ?? 0) > most) watch.break("I14", `process ${process} has ${files[name]} bytes in ${name}`);
}
