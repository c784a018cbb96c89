import type { NodeId } from "@festina/network";
import type { HeadsAhead, PeerAhead } from "@festina/rpc";
import type { HeadStatus } from "./payloads.ts";

/** How far peers say they are. What they say is proved only by the blocks that they then send; this explains, and decides nothing. */
export class PeerHeads {
  readonly #heads = new Map<NodeId, HeadStatus>();

  /** As told by a connected peer, in its handshake or later. */
  onHeads(peer: NodeId, { fastNumber, snailNumber }: HeadStatus): void {
    this.#heads.set(peer, { fastNumber, snailNumber });
  }

  onGone(peer: NodeId): void {
    this.#heads.delete(peer);
  }

  /** Who is furthest on each chain, where that is beyond our own heads. */
  ahead(own: HeadStatus): HeadsAhead {
    return { fast: this.#furthest(own, "fastNumber"), snail: this.#furthest(own, "snailNumber") };
  }

  #furthest(own: HeadStatus, chain: keyof HeadStatus): PeerAhead | null {
    let furthest: PeerAhead | null = null;
    for (const [nodeId, heads] of this.#heads) {
      const number = heads[chain];
      if (number > Math.max(own[chain], furthest?.number ?? 0)) furthest = { nodeId, number, by: number - own[chain] };
    }
    return furthest;
  }
}
