import { keccakHash } from "@festina/crypto";
import type { NodeId } from "@festina/network";
import { concatBytes, type Hash32, hexToBytes } from "@festina/primitives";

/** With so few peers everybody is sent the whole. */
const ALL_UP_TO = 8;

/**
 * To whom a block goes whole: everybody where there are few, else twice the root of their number. Who that is differs from
 * block to block, and from sender to sender of the same, as long as their peers do.
 */
export function firstReceivers(hash: Hash32, peers: readonly NodeId[]): ReadonlySet<NodeId> {
  if (peers.length <= ALL_UP_TO) return new Set(peers);
  const block = hexToBytes(hash);
  const drawn = peers
    .map((nodeId) => ({ nodeId, lot: keccakHash(concatBytes(block, hexToBytes(nodeId))) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const count = Math.max(ALL_UP_TO, Math.ceil(2 * Math.sqrt(peers.length)));
  return new Set(drawn.slice(0, count).map(({ nodeId }) => nodeId));
}
