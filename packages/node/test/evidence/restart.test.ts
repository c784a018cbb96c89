// A committee that loses its quorum: the chain stands still and says why; an entry of the chain spec brings it back
// without losing a final block, and nobody follows one that would.
import type { ChainSpec, CommitteeRestart } from "@festina/chainspec";
import { bytesToHex, type Hash32 } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, OWNERS, PAYOUTS, VOTING_KEYS } from "../committee/committee.ts";

jest.setTimeout(60_000);

const SPEC = aSpec({}, { electionWindowBlocks: 3, confirmDepthBlocks: 1 });

function aRestart(blockNumber: number, blockHash: Hash32, members: readonly number[], epoch = 1): CommitteeRestart {
  return {
    blockNumber,
    blockHash,
    epoch,
    members: members.map((index) => ({
      address: OWNERS[index] as CommitteeRestart["members"][number]["address"],
      payout: PAYOUTS[index] as CommitteeRestart["members"][number]["payout"],
      publicKey: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      proofOfPossession: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      seats: 25,
    })),
  };
}

const withRestart = (...restarts: readonly CommitteeRestart[]): ChainSpec => ({ ...SPEC, restarts });

describe("a committee that lost its quorum", () => {
  const committee = new CommitteeNetwork(SPEC, [0]);
  const hashAt = (number: number, node = 0): Hash32 | undefined =>
    committee.node(node).backend.chain.blockByNumber(number)?.block.hash;
  let last: { readonly number: number; readonly hash: Hash32 };

  /** Restarts the members named with another chain spec. */
  async function turn(spec: ChainSpec, ...indexes: readonly number[]): Promise<string> {
    committee.spec = spec;
    try {
      await committee.start(...indexes);
      return "started";
    } catch (error) {
      return (error as { readonly code?: string }).code ?? String(error);
    }
  }

  beforeAll(async () => {
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 5);
    // Two of four are gone for good; one of them at once, so that all others have the same head.
    await committee.stop(2, 3);
    await committee.clock.advance(40_000);
  });
  afterAll(() => committee.stopAll());

  it("makes no block, and its status names who is missing", async () => {
    const height = committee.height();
    await committee.clock.advance(20_000);
    expect(committee.height()).toBe(height);
    expect(committee.height(1)).toBe(height);
    const { doing, missing, quorumSeats } = committee.node(0).backend.status();
    expect(missing.map(({ address }) => address)).toEqual([OWNERS[2], OWNERS[3]]);
    expect(quorumSeats).toBe(67);
    expect(doing).toContain("lost its quorum: 50 of 100 seats vote and 67 are needed");
    for (const owner of [OWNERS[2], OWNERS[3]]) expect(doing).toContain(`${owner} (silent for `);
    const hash = hashAt(height);
    if (hash === undefined) throw new Error("there is no head");
    last = { number: height, hash };
    await committee.stop(0, 1);
  });

  it("is not restarted from a block that would undo a final one, with a wrong epoch or unproven keys", async () => {
    const dropping = aRestart(last.number - 1, last.hash, [0, 1]);
    expect(await turn(withRestart(dropping), 0)).toBe("RESTART_CONFLICT");
    const other = aRestart(last.number, `0x${"ee".repeat(32)}` as Hash32, [0, 1]);
    expect(await turn(withRestart(other), 0)).toBe("RESTART_CONFLICT");
    expect(await turn(withRestart(aRestart(last.number, last.hash, [0, 1], 2)), 0)).toBe("RESTART_EPOCH");
    const entry = aRestart(last.number, last.hash, [0, 1]);
    const unproven = entry.members.map((member) => ({ ...member, proofOfPossession: "0x01" as const }));
    expect(await turn(withRestart({ ...entry, members: unproven }), 0)).toBe("RESTART_POSSESSION_UNPROVEN");
  });

  it("goes on from the last final block with the seats of the entry, in an epoch of its own", async () => {
    const entry = aRestart(last.number, last.hash, [0, 1]);
    expect(await turn(withRestart(entry), 0, 1)).toBe("started");
    await committee.until("blocks of the new committee", () => committee.height() >= last.number + 3);
    expect(hashAt(last.number)).toBe(last.hash);
    const { committee: reader, chain } = committee.node(0).backend;
    expect(reader.currentEpoch()).toBe(1);
    expect(reader.byEpoch(1)).toMatchObject({ firstBlock: last.number + 1, committee: { members: [{}, {}] } });
    expect(reader.byEpoch(0)).toMatchObject({ lastBlock: last.number });
    const first = chain.blockByNumber(last.number + 1)?.block;
    expect(first?.requests.certificate).toMatchObject({ kind: "committed", epoch: 0, blockHash: last.hash });
  });

  it("lets a member in again that was down all the time, over the restart", async () => {
    expect(await turn(committee.spec, 3)).toBe("started");
    await committee.until("it has caught up", () => committee.height(3) >= last.number + 3);
    expect(hashAt(last.number + 1, 3)).toBe(hashAt(last.number + 1));
    expect(committee.node(3).backend.committee.byEpoch(1)?.committee.members).toHaveLength(2);
  });

  it("elects again: whoever is there and ready sits in the epoch after", async () => {
    const { committee: reader } = committee.node(0).backend;
    const sits = () =>
      reader.byEpoch(reader.currentEpoch())?.committee.members.some(({ address }) => address === OWNERS[3]) ?? false;
    await committee.until("the third one has a seat", sits, 180_000);
    expect(reader.currentEpoch()).toBeGreaterThan(1);
    const before = committee.height();
    await committee.until("its blocks", () => committee.height() >= before + 3);
    expect(committee.events("fatal")).toEqual([]);
  });

  it("is not restarted again from a block that has final blocks above it", async () => {
    await committee.stop(1);
    const late = aRestart(last.number, last.hash, [0, 1]);
    const head = committee.height();
    const { epoch } = committee.node(0).backend.status();
    const lower = aRestart(head - 2, hashAt(head - 2) as Hash32, [0], epoch + 1);
    expect(await turn(withRestart(late, lower), 1)).toBe("RESTART_DROPS_BLOCKS");
    expect(await turn(SPEC, 1)).toBe("RESTART_MISSING");
    expect(await turn(withRestart(late), 1)).toBe("started");
  });
});
