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

export interface PeerReport {
  readonly nodeId: Hex;
  /** `node-id@host:port` under which this node tells others that it is reached. */
  readonly addresses: readonly string[];
  readonly inbound: number;
  readonly outbound: number;
  /** Nodes that this one has heard of, has reached, and knows to be members'; `null` where peers are only those configured. */
  readonly book: { readonly heardOf: number; readonly reached: number; readonly members: number } | null;
  readonly peers: readonly ConnectedPeer[];
}
