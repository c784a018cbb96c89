// A committee that loses its quorum for good while miners go on: the snail chain seats another one, and no final block is
// lost.
import type { ChainSpec, CommitteeRestart } from "@festina/chainspec";
import { bytesToHex, type Hash32 } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, OWNERS, PAYOUTS, VOTING_KEYS } from "../committee/committee.ts";

jest.setTimeout(60_000);

const RECOVERY = { stallBlocks: 8, coolDownBlocks: 4, sinceSnailBlock: 0 };
const SPEC = aSpec({ recovery: RECOVERY }, { electionWindowBlocks: 3, confirmDepthBlocks: 1 });

describe("recovery", () => {
  const committee = new CommitteeNetwork(SPEC, [0]);
  const status = (node = 0) => committee.node(node).backend.status();
  const hashAt = (number: number, node = 0): Hash32 | undefined =>
    committee.node(node).backend.chain.blockByNumber(number)?.block.hash;
  let last: { readonly number: number; readonly hash: Hash32 | undefined };

  /** Starts a member with another chain spec. */
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
    committee.supports = OWNERS.slice(0, 2);
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are anchored", () => status().anchoredNumber >= 3);
    expect(status().recovery).toContain("recovery begins after");
    // Two of four are gone for good.
    await committee.stop(2, 3);
    await committee.clock.advance(3_000);
    last = { number: committee.height(), hash: hashAt(committee.height()) };
  });
  afterAll(() => committee.stopAll());

  it("says how far it is, and lets nobody sign during the cool-down", async () => {
    await committee.until("the status counts", () => /recovery begins after \d more snail blocks/.test(status().doing));
    await committee.until("it names the missing", () => status().doing.includes("lost its quorum: 50 of 100 seats"));
    await committee.until("the cool-down", () => committee.events("recoveryCoolDown").length === 2);
    expect(status().doing).toContain("recovery: nobody signs; after ");
    expect(status(1).recovery).toContain(`another committee goes on from block ${last.number}`);
    expect(committee.height()).toBe(last.number);
  });

  it("seats those whom the miners' fruits speak for, on the last final block", async () => {
    await committee.until("blocks of the next committee", () => committee.height() >= last.number + 3);
    expect(hashAt(last.number)).toBe(last.hash);
    const { committee: reader, chain } = committee.node(0).backend;
    const seated = reader.byEpoch(1);
    expect(seated?.firstBlock).toBe(last.number + 1);
    const seatedOwners = seated?.committee.members.map(({ address }) => address) ?? [];
    expect(seatedOwners.length).toBeGreaterThan(0);
    expect(committee.supports).toEqual(expect.arrayContaining(seatedOwners));
    const first = chain.blockByNumber(last.number + 1)?.block;
    expect(first?.requests.certificate).toMatchObject({ kind: "committed", epoch: 0, blockHash: last.hash });
    expect(new Set(committee.events("recoverySeated").map(({ facts }) => JSON.stringify(facts))).size).toBe(1);
    await committee.until("an anchor of theirs", () => status().anchoredNumber > last.number);
    expect(status().recovery).toContain("recovery begins after");
  });

  it("is remembered by a member that starts again, and met on the way by one that was down", async () => {
    await committee.stop(1);
    expect(await turn(SPEC, 1, 3)).toBe("started");
    await committee.until(
      "both have caught up",
      () => committee.height(1) > last.number + 5 && committee.height(3) > last.number + 5,
    );
    for (const node of [1, 3]) expect(hashAt(last.number + 2, node)).toBe(hashAt(last.number + 2));
    expect(committee.events("hazard")).toEqual([]);
  });

  it("goes on electing: whoever is there and ready sits again", async () => {
    committee.supports = OWNERS;
    await committee.stop(0);
    expect(await turn(SPEC, 0)).toBe("started");
    const { committee: reader } = committee.node(0).backend;
    const sits = (): boolean =>
      reader.byEpoch(reader.currentEpoch())?.committee.members.some(({ address }) => address === OWNERS[3]) ?? false;
    await committee.until("the third one has a seat", sits, 180_000);
    expect(reader.currentEpoch()).toBeGreaterThan(1);
    expect(committee.events("fatal")).toEqual([]);
  });

  it("cannot be forgotten, nor overruled from below its blocks", async () => {
    await committee.stop(1);
    const { recovery: _off, ...without } = SPEC;
    expect(await turn(without, 1)).toBe("RECOVERY_MISSING");
    const members = [0, 1].map((index) => ({
      address: OWNERS[index] as CommitteeRestart["members"][number]["address"],
      payout: PAYOUTS[index] as CommitteeRestart["members"][number]["payout"],
      publicKey: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      proofOfPossession: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      seats: 50,
    }));
    const entry = { blockNumber: last.number, blockHash: last.hash as Hash32, epoch: 1, members };
    expect(await turn({ ...SPEC, restarts: [entry] }, 1)).toBe("RESTART_DROPS_BLOCKS");
    expect(await turn(SPEC, 1)).toBe("started");
  });
});
