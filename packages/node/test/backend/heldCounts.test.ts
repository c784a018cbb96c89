import { describe, expect, it } from "@jest/globals";
import { heldCounts } from "../../src/backend/heldCounts.ts";
import type { NodeParts } from "../../src/nodeParts.ts";

describe("what a node keeps in memory", () => {
  it("is told by name, each part's own count", () => {
    const parts = {
      consensus: { held: { views: 1, earlyMessages: 2 } },
      chain: { pending: { receivedCount: 3, executedCount: 4 } },
      evidence: { offered: () => new Array(5) },
      transactions: { pool: { size: 6 } },
      proposals: { rebuilder: { waiting: 10 } },
      snail: { pool: { size: 7, waitingFruits: 8 }, chain: { waitingBlocks: 9 } },
    } as unknown as NodeParts;
    expect(heldCounts(parts)).toEqual({
      views: 1,
      earlyMessages: 2,
      receivedBlocks: 3,
      executedBlocks: 4,
      evidence: 5,
      transactions: 6,
      fruits: 7,
      waitingFruits: 8,
      waitingProposals: 10,
      waitingSnailBlocks: 9,
    });
  });
});
