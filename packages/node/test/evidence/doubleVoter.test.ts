// Members see for themselves that one of them contradicts itself, and honest members never contradict themselves.
import { signingMessage } from "@festina/crypto";
import type { NodeId } from "@festina/network";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { encodeVote, type VoteKind } from "@festina/types";
import { afterAll, describe, expect, it, jest } from "@jest/globals";
import { sessionMessage } from "../../src/consensus/memberSessions.ts";
import { encodeSessionProof } from "../../src/sync/payloads.ts";
import { aSpec, CommitteeNetwork, OWNERS, VOTING_KEYS } from "../committee/committee.ts";
import { mockSuite } from "../committee/mockSuite.ts";

jest.setTimeout(60_000);

const SPEC = aSpec();
const OTHER_BLOCK = `0x${"0a".repeat(32)}` as Hash32;

/** The session of such a one is proven to be the member's. */
function aProof(committee: CommitteeNetwork, member: number, nodeId: NodeId): Uint8Array {
  const key = VOTING_KEYS[member] as Uint8Array;
  const message = sessionMessage({ chainId: SPEC.chainId, genesisHash: committee.genesisHash }, nodeId);
  return encodeSessionProof({ publicKey: mockSuite.publicKey(key), signature: mockSuite.sign(key, message) });
}

/** A vote that really is signed with the member's key, which somebody else has got hold of. */
function aVote(committee: CommitteeNetwork, member: number, kind: VoteKind, view: number): Uint8Array {
  const context = { chainId: SPEC.chainId, genesisHash: committee.genesisHash, epoch: 0 };
  const isBare = kind === "viewChange";
  const message = signingMessage(context, kind, view, isBare ? null : OTHER_BLOCK);
  const signature = mockSuite.sign(VOTING_KEYS[member] as Uint8Array, message);
  return encodeVote({ kind, epoch: 0, view, blockHash: isBare ? ZERO_HASH : OTHER_BLOCK, member, signature });
}

describe("a member whose key is used twice", () => {
  it.each<[VoteKind, number]>([
    ["prepare", 1],
    ["commit", 2],
    ["viewChange", 3],
  ])("is convicted by a second %s; the others are not", async (kind, member) => {
    const committee = new CommitteeNetwork(SPEC);
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 2);
    const stranger = await committee.stranger();
    stranger.broadcast("member", aProof(committee, member, stranger.nodeId));
    const { view } = committee.node(0).backend.status();
    for (let ahead = 1; ahead <= 8; ahead++) stranger.broadcast("vote", aVote(committee, member, kind, view + ahead));
    const { committee: reader } = committee.node(0).backend;
    await committee.until("it is slashed", () => reader.slashed().length > 0);
    expect(reader.slashed()).toEqual([OWNERS[member]]);
    expect(committee.events("fatal")).toEqual([]);
    await committee.stopAll();
  });
});

describe("a stranger that votes in members' names", () => {
  it("is banned by all of them, whether the signatures hold or not, and nobody is convicted", async () => {
    const committee = new CommitteeNetwork(SPEC);
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 2);
    const stranger = await committee.stranger();
    const { view } = committee.node(0).backend.status();
    for (let ahead = 1; ahead <= 8; ahead++) {
      const vote = aVote(committee, ahead % 4, "prepare", view + ahead);
      if (ahead % 2 === 0) vote[vote.length - 1] = (vote.at(-1) as number) ^ 1;
      stranger.broadcast("vote", vote);
    }
    await committee.until("nobody lets it in", () => stranger.peers().length === 0);
    const height = committee.height();
    await committee.until("blocks go on", () => committee.height() >= height + 3);
    expect(committee.node(0).backend.committee.slashed()).toEqual([]);
    expect(committee.events("misbehaviour")).toEqual([]);
    await committee.stopAll();
  });
});

describe("honest members", () => {
  const committee = new CommitteeNetwork(SPEC);
  afterAll(() => committee.stopAll());

  it("are accused of nothing, however often they go and come back and repeat themselves", async () => {
    await committee.start(0, 1, 2, 3);
    await committee.until("blocks are final", () => committee.height() >= 2);
    for (let round = 0; round < 8; round++) {
      const member = 1 + (round % 3);
      // Anywhere within a view: some moments are between PREPARE and COMMIT.
      await committee.clock.advance(1_000 + round * 7);
      await committee.stop(member);
      await committee.clock.advance(round % 2 === 0 ? 100 : 5_000);
      await committee.start(member);
    }
    const height = committee.height();
    await committee.until("blocks go on", () => committee.height() >= height + 3);
    expect(committee.events("misbehaviour")).toEqual([]);
    expect(committee.events("evidence")).toEqual([]);
    expect(committee.node(0).backend.committee.slashed()).toEqual([]);
  });
});
