// Four whole nodes, one of whose members breaks the rules: from the two signatures to the deposit and the seat.
import { decodeCandidate, VALIDATOR_REGISTRY, VALIDATOR_REGISTRY_SELECTORS } from "@festina/contracts";
import { signingMessage } from "@festina/crypto";
import type { Network } from "@festina/network";
import { type Address, concatBytes, type Hash32, hexToBytes, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { NO_OVERRIDES } from "@festina/rpc";
import { accuseMember, type Evidence, encodeEvidence, type SignedStatement } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, DEPOSIT_WEI, OWNERS, PAYOUTS, VOTING_KEYS } from "../committee/committee.ts";
import { mockSuite } from "../committee/mockSuite.ts";

jest.setTimeout(60_000);

const CHEAT = 2;
const SPEC = aSpec({}, { electionWindowBlocks: 3, confirmDepthBlocks: 1 });
const aHash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;

describe("a member that signs two blocks in one view", () => {
  const committee = new CommitteeNetwork(SPEC, [0]);
  let stranger: Network;

  function doubleVote(member: number, view: number, key = VOTING_KEYS[member]): Evidence {
    const context = { chainId: SPEC.chainId, genesisHash: committee.genesisHash, epoch: 0 };
    const say = (blockHash: Hash32): SignedStatement => ({
      kind: "prepare",
      blockHash,
      signature: mockSuite.sign(key as Uint8Array, signingMessage(context, "prepare", view, blockHash)),
    });
    const evidence = accuseMember({ epoch: 0, view, member }, say(aHash("0a")), say(aHash("0b")));
    if (evidence === null) throw new Error("the two do not contradict each other");
    return evidence;
  }

  const coinbase = (number: number): Address | undefined =>
    committee.node(0).backend.chain.blockByNumber(number)?.block.header.coinbase;

  async function registered(owner: Address) {
    const { execution } = committee.node(1).backend;
    const data = concatBytes(hexToBytes(VALIDATOR_REGISTRY_SELECTORS.validator), new Uint8Array(12), hexToBytes(owner));
    const request = { from: ZERO_ADDRESS, to: VALIDATOR_REGISTRY, data, valueWei: 0n, gas: null, gasPriceWei: 0n };
    // A read needs no time to pass.
    const answer = await execution.call(
      { ...request, accessList: [], overrides: NO_OVERRIDES },
      { number: committee.height(1), isNext: false },
    );
    const output = answer?.kind === "success" ? answer.output : new Uint8Array(0);
    const decoded = decodeCandidate(output);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  }

  beforeAll(async () => {
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 3);
    stranger = await committee.stranger();
  });
  afterAll(() => committee.stopAll());

  it("is not harmed by what it did not sign; whoever says so loses standing", async () => {
    const before = committee.height();
    stranger.broadcast("evidence", encodeEvidence(doubleVote(CHEAT, 1, VOTING_KEYS[3])));
    await committee.until("more blocks are final", () => committee.height() >= before + 3);
    expect(committee.events("evidence")).toEqual([]);
    expect(committee.node(1).backend.committee.slashed()).toEqual([]);
  });

  it("loses its deposit in the next block, on every node, and nobody else loses anything", async () => {
    const [peer] = stranger.peers();
    if (peer === undefined) throw new Error("the stranger is alone");
    // All others come before the cheat does again, who would get nothing for it.
    await committee.until("the cheat proposes", () => coinbase(committee.height()) === PAYOUTS[CHEAT]);
    // One node hears of it; the others hear of it from that one.
    stranger.send(peer.nodeId, "evidence", encodeEvidence(doubleVote(CHEAT, 1)));
    const nodes = [0, 1, 2, 3].map((index) => committee.node(index));
    await committee.until("it is slashed", () => nodes.every(({ backend }) => backend.committee.slashed().length > 0));
    for (const { backend } of nodes) expect(backend.committee.slashed()).toEqual([OWNERS[CHEAT]]);
    expect(new Set(committee.events("evidence").map(({ node }) => node)).size).toBe(4);
    expect(await registered(OWNERS[CHEAT] as Address)).toMatchObject({ slashed: true, depositWei: 0n });
    for (const index of [0, 1, 3])
      expect(await registered(OWNERS[index] as Address)).toMatchObject({ slashed: false, depositWei: DEPOSIT_WEI });
    const supply = nodes[1]?.backend.chain.supply(committee.height(1));
    if (supply === undefined) throw new Error("there is no supply");
    expect(supply.slashBurnedWei).toBe((DEPOSIT_WEI * 95n) / 100n);
    const burnedWei = supply.slashBurnedWei + supply.baseFeeBurnedWei + supply.selfDestructBurnedWei;
    const range = nodes[1]?.backend.state.accountRange(committee.height(1), ZERO_HASH, 1_000);
    const balancesWei = range?.accounts.reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
    expect(balancesWei).toBe(supply.genesisWei + supply.rewardsWei - burnedWei);
  });

  it("costs nothing twice: the same again, and other proof against it, change nothing", async () => {
    const before = committee.height();
    for (const view of [1, 2]) stranger.broadcast("evidence", encodeEvidence(doubleVote(CHEAT, view)));
    await committee.until("more blocks are final", () => committee.height() >= before + 3);
    expect(committee.events("evidence")).toHaveLength(4);
    const { chain } = committee.node(3).backend;
    const carrying = Array.from({ length: committee.height(3) }, (_, index) => chain.blockByNumber(index + 1)).filter(
      (record) => (record?.block.requests.evidence.length ?? 0) > 0,
    );
    expect(carrying).toHaveLength(1);
  });

  it("has no seat in the next epoch, which the others go on into", async () => {
    const { committee: reader } = committee.node(1).backend;
    await committee.until("the next epoch", () => reader.currentEpoch() === 1, 120_000);
    const seated = reader.byEpoch(1)?.committee.members.map(({ address }) => address) ?? [];
    // Which of the others found fruits in the window is a matter of luck, and so is who of them is drawn.
    expect(seated.length).toBeGreaterThan(0);
    for (const owner of seated) expect([OWNERS[0], OWNERS[1], OWNERS[3]]).toContain(owner);
    const before = committee.height(1);
    await committee.until("blocks of the new epoch", () => committee.height(1) >= before + 3);
    expect(committee.events("fatal")).toEqual([]);
  });
});
