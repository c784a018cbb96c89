import type { NodeId } from "../nodeId.ts";
import type { Direction } from "./peerSession.ts";

/**
 * Two connections to one peer: which stays. The one dialled by the lower node id, so that both sides choose alike; of
 * two in the same direction the newer, since a peer opens another only when it has lost the first.
 */
export function resolveDuplicate(
  ownId: NodeId,
  remoteId: NodeId,
  existing: Direction,
  candidate: Direction,
): "existing" | "candidate" {
  if (existing === candidate) return "candidate";
  const preferred: Direction = ownId < remoteId ? "outbound" : "inbound";
  return existing === preferred ? "existing" : "candidate";
}
