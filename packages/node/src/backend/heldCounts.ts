import type { NodeParts } from "../nodeParts.ts";

/** What others can make a node keep in memory, as counts: each has a limit of its own. */
export function heldCounts(parts: NodeParts): Readonly<Record<string, number>> {
  const { consensus, chain, evidence, transactions, snail, proposals } = parts;
  return {
    ...consensus.held,
    receivedBlocks: chain.pending.receivedCount,
    executedBlocks: chain.pending.executedCount,
    waitingProposals: proposals.rebuilder.waiting,
    evidence: evidence.offered().length,
    transactions: transactions.pool.size,
    fruits: snail.pool.size,
    waitingFruits: snail.pool.waitingFruits,
    waitingSnailBlocks: snail.chain.waitingBlocks,
  };
}
