// When and to whom a transaction is sent once more that is in no block: more and more seldom, to who has not got it yet first.
import type { NodeId } from "@festina/network";

/** Blocks come every few seconds, and an answer that was lost on its way is soon missed. */
const FIRST_MS = 4_000;
const PAUSE_MS_MAX = 300_000;
/** Some two hours. Pools that are full drop what nobody takes into a block meanwhile; its sender may have to pay more. */
const SENT_AGAIN_MAX = 30;
/** All get it the first time. */
const RECEIVERS_MAX = 4;
/** Nobody remembers it any longer than that. */
const KEPT_MS = 24 * 3_600_000;

/** How long after it was looked for `times` times it is due. */
export function dueAfterMs(times: number): number {
  return Math.min(PAUSE_MS_MAX, FIRST_MS * 2 ** times);
}

export const isForgotten = (sentAtMs: number, nowMs: number): boolean => nowMs - sentAtMs > KEPT_MS;

/** It is looked for still, and sent no more. */
export const hasGivenUp = (sentAgain: number): boolean => sentAgain >= SENT_AGAIN_MAX;

/** Those first that were not told, then those that were told longest ago. `toldTo` is in the order of telling. */
export function receiversOf(
  peers: readonly { readonly nodeId: NodeId }[],
  toldTo: ReadonlySet<NodeId>,
): readonly NodeId[] {
  const names = peers.map(({ nodeId }) => nodeId);
  const others = names.filter((peer) => !toldTo.has(peer));
  return [...others, ...[...toldTo].filter((peer) => names.includes(peer))].slice(0, RECEIVERS_MAX);
}
