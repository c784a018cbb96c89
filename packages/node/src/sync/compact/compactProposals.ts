import type { NodeId } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import { BlockTransactionsServer } from "./blockTransactions.ts";
import { HeldByPeers } from "./heldByPeers.ts";
import { ProposalRebuilder, type RebuilderOptions } from "./proposalRebuilder.ts";
import { ProposalSender } from "./proposalSender.ts";

export interface CompactOptions extends RebuilderOptions {
  /** False: proposals go out whole. */
  readonly isCompact: boolean;
}

/** Proposals as they travel: short to who has their transactions, whole where consensus sees them. */
export class CompactProposals {
  readonly held = new HeldByPeers();
  readonly sender: ProposalSender;
  readonly rebuilder: ProposalRebuilder;
  readonly server: BlockTransactionsServer;

  constructor(options: CompactOptions) {
    this.sender = new ProposalSender({ ...options, held: this.held });
    this.rebuilder = new ProposalRebuilder(options);
    const blockOf = (hash: Hash32): FastBlock | undefined => options.block(hash) ?? this.sender.recent(hash);
    this.server = new BlockTransactionsServer(blockOf, () => options.clock.nowMs());
  }

  onGone(peer: NodeId): void {
    this.held.onGone(peer);
    this.rebuilder.onGone(peer);
    this.server.onGone(peer);
  }
}
