import { CAPABILITY, type Handshake, PROTOCOL_VERSION } from "@festina/network";
import { specHash } from "@festina/types";
import type { NodeSettings } from "../createNode.ts";
import type { NodeParts } from "../nodeParts.ts";

export const CLIENT_NAME = "festina";
export const CLIENT_VERSION = "0.1.0";

/** What this node says of itself to each peer, now. */
export function handshakeOf({ spec, config }: NodeSettings, parts: NodeParts): Handshake {
  const takesCompact = config.network?.compactProposals ?? true;
  return {
    protocolVersion: PROTOCOL_VERSION,
    specHash: specHash(spec),
    genesisHash: parts.committed.genesisHash,
    role: parts.role,
    agent: `${CLIENT_NAME}/${CLIENT_VERSION}`,
    headNumber: parts.heads().fastNumber,
    snailNumber: parts.heads().snailNumber,
    ...(takesCompact ? { capabilities: [CAPABILITY.compactProposals] } : {}),
  };
}
