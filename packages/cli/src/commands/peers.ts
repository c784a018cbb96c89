import type { ConnectedPeer, PeerReport, StrangerPeer } from "@festina/rpc";
import { type CommandContext, connect, report } from "./context.ts";

export interface PeersOptions {
  readonly rpc?: string;
  readonly json?: boolean;
}

const ID_CHARACTERS = 12;
const WHAT_DIFFERS: Readonly<Record<StrangerPeer["code"], string>> = {
  VERSION_MISMATCH: "protocol version",
  GENESIS_MISMATCH: "genesis",
  SPEC_MISMATCH: "chain spec",
};

function peerLine({ nodeId, direction, host, role, agent, ...peer }: ConnectedPeer): string {
  const notes = [
    ...(peer.isConfigured ? ["configured"] : []),
    ...(peer.isSeated ? ["sits in the committee"] : []),
    ...(peer.points > 0 ? [`${peer.points} points of misdeeds`] : []),
    ...(peer.framesLost > 0 ? [`${peer.framesLost} frames lost`] : []),
  ];
  const roundTrip = peer.roundTripMs === null ? "-" : `${peer.roundTripMs} ms`;
  const since = `${Math.round(peer.connectedMs / 1000)} s`;
  return [
    `  ${nodeId.slice(0, ID_CHARACTERS)}`,
    direction.padEnd(8),
    host.padEnd(15),
    role.padEnd(8),
    roundTrip.padStart(9),
    since.padStart(8),
    ` ${agent}`,
    notes.join(", "),
  ]
    .join("  ")
    .trimEnd();
}

function strangerLine({ nodeId, direction, host, code, theirs, ours, ...stranger }: StrangerPeer): string {
  const seen = `${Math.round(stranger.agoMs / 1000)} s ago`;
  const notes = stranger.isConfigured ? "  configured" : "";
  const compared = `${WHAT_DIFFERS[code]} ${theirs ?? "unknown"}, ours ${ours}`;
  return `  ${nodeId.slice(0, ID_CHARACTERS)}  ${direction.padEnd(8)}  ${host.padEnd(15)}  ${seen.padStart(8)}  ${compared}${notes}`;
}

/** `festina peers`: whom the node is connected to, and how many others it knows. */
export async function peers(context: CommandContext, options: PeersOptions): Promise<void> {
  const value = await connect(options).call<PeerReport>("net_peers");
  const { book, addresses } = value;
  report(context, options.json, value, [
    `node   ${value.nodeId}`,
    `told   ${addresses.length === 0 ? "to nobody: it has no address that others can dial" : addresses.join(", ")}`,
    book === null
      ? "book   none: only configured peers"
      : `book   ${book.reached} reached, ${book.heardOf} heard of, ${book.members} of members`,
    `peers  ${value.outbound} outbound, ${value.inbound} inbound`,
    ...value.peers.map(peerLine),
    ...(value.strangers.length === 0 ? [] : ["of other networks, turned away"]),
    ...value.strangers.map(strangerLine),
  ]);
}
