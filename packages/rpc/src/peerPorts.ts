// Whom a node is connected to.
import type { Hex } from "@festina/primitives";

export interface ConnectedPeer {
  readonly nodeId: Hex;
  readonly role: "member" | "observer" | "miner";
  readonly agent: string;
  readonly direction: "inbound" | "outbound";
  readonly host: string;
  /** Named by the operator. */
  readonly isConfigured: boolean;
  /** Has proven a seat in the committee. */
  readonly isSeated: boolean;
  readonly connectedMs: number;
  /** `null` before the first answer to a ping. */
  readonly roundTripMs: number | null;
  /** Frames that never left because too much waited. */
  readonly framesLost: number;
  /** Misdeeds lately, fading. */
  readonly points: number;
}

/** Why a node was turned away: it speaks another version, or belongs to another network. */
export type MismatchCode = "VERSION_MISMATCH" | "GENESIS_MISMATCH" | "SPEC_MISMATCH";

export interface StrangerPeer {
  readonly nodeId: Hex;
  readonly host: string;
  readonly direction: "inbound" | "outbound";
  readonly isConfigured: boolean;
  readonly code: MismatchCode;
  /** What was compared: a protocol version in decimals, or a hash. `null` where the other side ended it first. */
  readonly theirs: string | null;
  readonly ours: string;
  readonly agent: string | null;
  readonly agoMs: number;
}

/** Those of one other network. */
export interface OtherNetwork {
  readonly code: MismatchCode;
  readonly theirs: string | null;
  readonly ours: string;
  readonly peers: number;
  /** The same in words. */
  readonly message: string;
}

export interface PeerAhead {
  readonly nodeId: Hex;
  /** Newest block that it says it has. */
  readonly number: number;
  /** How many of its blocks we lack. */
  readonly by: number;
}

/** The peer that says it is furthest on each chain; `null` where none says it is ahead of us. */
export interface HeadsAhead {
  readonly fast: PeerAhead | null;
  readonly snail: PeerAhead | null;
}

export interface PeerReport {
  readonly nodeId: Hex;
  /** `node-id@host:port` under which this node tells others that it is reached. */
  readonly addresses: readonly string[];
  readonly inbound: number;
  readonly outbound: number;
  /** Nodes that this one has heard of, has reached, and knows to be members'; `null` where peers are only those configured. */
  readonly book: { readonly heardOf: number; readonly reached: number; readonly members: number } | null;
  readonly peers: readonly ConnectedPeer[];
  /** Nodes turned away lately. */
  readonly strangers: readonly StrangerPeer[];
}
