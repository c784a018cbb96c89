// What a leader sends of its proposal: to each peer the transactions that it may lack, and hashes of the others.
import { CAPABILITY, type Network, type NodeId, type PeerInfo } from "@festina/network";
import { type Hash32, LruMap } from "@festina/primitives";
import { encodeCompactPrePrepare, encodePrePrepare, type FastBlock, type PrePrepare, toCompact } from "@festina/types";
import type { HeldByPeers } from "./heldByPeers.ts";

/** Own proposals that are kept for who still asks after they are final. */
const RECENT_MAX = 8;

export interface ProposalSenderOptions {
  readonly network: () => Network;
  readonly held: HeldByPeers;
  /** Blocks that are not final yet. */
  readonly block: (hash: Hash32) => FastBlock | undefined;
  /** False: every peer gets all of it. */
  readonly isCompact: boolean;
}

function takesCompact({ handshake }: PeerInfo): boolean {
  return handshake.capabilities?.includes(CAPABILITY.compactProposals) === true;
}

export class ProposalSender {
  readonly #options: ProposalSenderOptions;
  readonly #recent = new LruMap<Hash32, FastBlock>(RECENT_MAX);

  constructor(options: ProposalSenderOptions) {
    this.#options = options;
  }

  /** One of our newest proposals, final or not. */
  recent(hash: Hash32): FastBlock | undefined {
    return this.#recent.get(hash);
  }

  /** To all peers. Those that lack the same are sent the same bytes, encoded once. */
  broadcast(message: PrePrepare): void {
    const { network, isCompact, block: blockOf } = this.#options;
    const block = isCompact ? blockOf(message.blockHash) : undefined;
    if (block === undefined || block.transactions.length === 0) {
      network().broadcast("prePrepare", encodePrePrepare(message));
      return;
    }
    this.#recent.set(block.hash, block);
    const groups = this.#groups(block);
    for (const { whole, peers } of groups) {
      const isOfGroup = ({ nodeId }: PeerInfo): boolean => peers.has(nodeId);
      if (whole === null) network().broadcast("prePrepare", encodePrePrepare(message), isOfGroup);
      else
        network().broadcast("compactPrePrepare", encodeCompactPrePrepare(toCompact(message, block, whole)), isOfGroup);
    }
    for (const { peers } of groups)
      for (const peer of peers) for (const { hash } of block.transactions) this.#options.held.add(peer, hash);
  }

  /** `whole`: what goes whole, `null` for everything: where most of it would, there is little to save. */
  #groups({ transactions }: FastBlock): Iterable<{ whole: readonly number[] | null; peers: Set<NodeId> }> {
    const { network, held } = this.#options;
    const groups = new Map<string, { whole: readonly number[] | null; peers: Set<NodeId> }>();
    for (const peer of network().peers()) {
      const lacking = takesCompact(peer)
        ? transactions.flatMap(({ hash }, index) => (held.has(peer.nodeId, hash) ? [] : [index]))
        : null;
      const whole = lacking === null || 2 * lacking.length > transactions.length ? null : lacking;
      const name = whole === null ? "all" : whole.join();
      const group = groups.get(name) ?? { whole, peers: new Set() };
      groups.set(name, group);
      group.peers.add(peer.nodeId);
    }
    return [...groups.values()];
  }
}
