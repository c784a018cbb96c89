import { bytesToHex, type Hex, toHash32 } from "@festina/primitives";
import type { Committee, Vote } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { MemberSessions, sessionMessage } from "../../src/consensus/memberSessions.ts";
import { mockSuite } from "../committee/mockSuite.ts";

const CHAIN = { chainId: 5n, genesisHash: toHash32(new Uint8Array(32).fill(3)) };
const PEER = `0x${"aa".repeat(32)}` as Hex;
const OTHER = `0x${"bb".repeat(32)}` as Hex;
const secret = new Uint8Array(32).fill(1);
const publicKey = mockSuite.publicKey(secret);
const KEY = bytesToHex(publicKey);

const proofFor = (nodeId: Hex, chain = CHAIN) => ({
  publicKey,
  signature: mockSuite.sign(secret, sessionMessage(chain, nodeId)),
});

/** How often signatures are verified. */
function counted(): { readonly sessions: MemberSessions; readonly verified: () => number } {
  let count = 0;
  const suite: typeof mockSuite = {
    ...mockSuite,
    verify: (...args) => {
      count += 1;
      return mockSuite.verify(...args);
    },
  };
  return { sessions: new MemberSessions(suite, CHAIN), verified: () => count };
}

describe("sessions of members", () => {
  it("belong to whoever shows a signature over the session's own key", () => {
    const { sessions, verified } = counted();
    expect(sessions.isHeldBy(PEER, KEY)).toBe(false);
    sessions.onShown(PEER, proofFor(PEER));
    expect(verified()).toBe(0);
    expect(sessions.isHeldBy(PEER, KEY)).toBe(true);
    expect(sessions.isHeldBy(PEER, `0x${"00".repeat(publicKey.length)}`)).toBe(false);
    // Shown again it is not verified again.
    sessions.onShown(PEER, proofFor(PEER));
    expect(sessions.isHeldBy(PEER, KEY)).toBe(true);
    expect(verified()).toBe(1);
  });

  it("do not belong to who repeats another's proof, or one of another chain", () => {
    const { sessions, verified } = counted();
    sessions.onShown(OTHER, proofFor(PEER));
    expect(sessions.isHeldBy(OTHER, KEY)).toBe(false);
    expect(sessions.isHeldBy(OTHER, KEY)).toBe(false);
    expect(verified()).toBe(1);
    sessions.onShown(PEER, proofFor(PEER, { ...CHAIN, chainId: 6n }));
    expect(sessions.isHeldBy(PEER, KEY)).toBe(false);
  });

  it("tell votes of their own member, and of nobody else", () => {
    const { sessions } = counted();
    const committee = {
      epoch: 3,
      members: [KEY, `0x${"02".repeat(publicKey.length)}` as Hex].map((name) => ({ publicKey: name })),
    } as unknown as Committee;
    const vote = (member: number, epoch = 3) => ({ epoch, member }) as Vote;
    expect(sessions.isFromVoter(vote(0), PEER, committee)).toBe(false);
    sessions.onShown(PEER, proofFor(PEER));
    expect(sessions.isFromVoter(vote(0), PEER, committee)).toBe(true);
    expect(sessions.isFromVoter(vote(0), OTHER, committee)).toBe(false);
    for (const other of [vote(1), vote(2), vote(-1), vote(0, 2)])
      expect(sessions.isFromVoter(other, PEER, committee)).toBe(false);
  });

  it("are forgotten when they end", () => {
    const { sessions } = counted();
    sessions.onShown(PEER, proofFor(PEER));
    sessions.onGone(PEER);
    expect(sessions.isHeldBy(PEER, KEY)).toBe(false);
  });
});
