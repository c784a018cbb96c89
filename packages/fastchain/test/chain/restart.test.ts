import type { CommitteeRestart } from "@festina/chainspec";
import { describe, expect, it } from "@jest/globals";
import { type HybridState, restartedState } from "../../src/index.ts";
import { changeHeader } from "../block/changeBlock.ts";
import { TestChain } from "./aChain.ts";
import { aSpec } from "./members.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 100 });

function aRestart(state: HybridState, changes: Partial<CommitteeRestart> = {}): CommitteeRestart {
  const [first, second] = SPEC.genesisValidators;
  if (first === undefined || second === undefined) throw new Error("the spec has validators");
  return {
    blockNumber: state.header.number,
    blockHash: state.hash,
    epoch: state.committee.epoch + 1,
    members: [first, { ...second, seats: 7 }],
    ...changes,
  };
}

async function aHead(): Promise<TestChain> {
  const chain = await TestChain.create(SPEC);
  for (let number = 1; number <= 3; number++) await chain.add();
  return chain;
}

describe("the state after a restart", () => {
  it("has the entry's committee in an epoch that stands on the block, and a fresh election", async () => {
    const { head } = await aHead();
    const after = restartedState(head, { restarts: [aRestart(head)] });
    expect(after.committee.epoch).toBe(1);
    expect(after.committee.members.map(({ seats }) => seats)).toEqual([25, 7]);
    expect(after.committee.members[0]).not.toHaveProperty("proofOfPossession");
    expect(after).toMatchObject({
      previousCommittee: head.committee,
      epochBaseNumber: 3,
      epochBaseHash: head.hash,
      election: { phase: "collecting", epoch: 2, windowStartHeight: 3 },
      slashed: head.slashed,
      pointer: head.pointer,
      supply: head.supply,
    });
  });

  it("is the block's own where no entry names the block, or its epoch does not follow", async () => {
    const { head } = await aHead();
    expect(restartedState(head, { restarts: [] })).toBe(head);
    const elsewhere = aRestart(head, { blockHash: `0x${"ee".repeat(32)}` as HybridState["hash"] });
    expect(restartedState(head, { restarts: [elsewhere] })).toBe(head);
    expect(restartedState(head, { restarts: [aRestart(head, { epoch: 2 })] })).toBe(head);
  });

  it("after a boundary block names the committee that finalised it, not the one that never made a block", async () => {
    const { head } = await aHead();
    const previousCommittee = { ...head.committee, members: head.committee.members.slice(1) };
    const boundary = { ...head, committee: { ...head.committee, epoch: 1 }, previousCommittee, epochBaseNumber: 3 };
    const after = restartedState(boundary, { restarts: [aRestart(boundary)] });
    expect(after.previousCommittee).toBe(previousCommittee);
    expect(after.committee.epoch).toBe(2);
  });
});

describe("a chain spec with a restart", () => {
  it("refuses another block at the height that the network goes on from", async () => {
    const chain = await aHead();
    const built = await chain.build();
    if (!built.ok) throw new Error(built.error.message);
    const { block, hybrid } = built.value;
    const restarted = await TestChain.create(aSpec({ restarts: [aRestart(hybrid)] }, { electionWindowBlocks: 100 }));
    for (const entry of chain.entries.slice(1)) expect((await restarted.take(entry.block)).ok).toBe(true);
    const other = changeHeader(block, { gasUsed: 1n });
    const refused = restarted.verify(other);
    expect(refused.ok ? "" : refused.error.code).toBe("RESTART_CONFLICT");
    expect(restarted.verify(block).ok).toBe(true);
  });
});
