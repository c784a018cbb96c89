import { formatPeerAddress, type Network } from "@festina/network";
import type { PeerReport } from "@festina/rpc";

/** @param clockMs of the clock that the network goes by */
export function describePeers(network: Network, clockMs: number): PeerReport {
  const found = network.discovery();
  const peers = network.peers().map((peer) => ({
    nodeId: peer.nodeId,
    role: peer.handshake.role,
    agent: peer.handshake.agent,
    direction: peer.direction,
    host: peer.remoteHost,
    isConfigured: peer.isConfigured,
    isSeated: peer.isSeated,
    connectedMs: Math.round(clockMs - peer.connectedAtMs),
    roundTripMs: peer.roundTripMs === null ? null : Math.round(peer.roundTripMs * 100) / 100,
    framesLost: peer.framesLost,
    points: Math.round(peer.points * 10) / 10,
  }));
  const inbound = peers.filter(({ direction }) => direction === "inbound").length;
  return {
    nodeId: network.nodeId,
    addresses: (found?.announced ?? []).map((at) => formatPeerAddress({ nodeId: network.nodeId, ...at })),
    inbound,
    outbound: peers.length - inbound,
    book: found && { heardOf: found.newCount, reached: found.triedCount, members: found.seatedCount },
    peers,
    strangers: network.strangers().map(({ seenMs, ...stranger }) => ({
      ...stranger,
      agoMs: Math.round(clockMs - seenMs),
    })),
  };
}
