import { createBlsSuite } from "@festina/adapters";
import { keccakHash } from "@festina/crypto";
import { type ElectionTracker, startElection } from "@festina/election";
import { bytesToHex, concatBytes, hexToBytes, ZERO_HASH } from "@festina/primitives";
import type { FastHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { isRevealDue, NO_REVEAL, nextBeacon, revealMessage, verifyReveal } from "../../src/index.ts";
import { OWNERS, PAYOUTS } from "./members.ts";

const suite = createBlsSuite();
const SECRET = new Uint8Array(32).fill(5);
const LEADER = { address: OWNERS[0], payout: PAYOUTS[0], publicKey: bytesToHex(suite.publicKey(SECRET)), seats: 1 };
const CONTEXT = { chainId: 7n, genesisHash: ZERO_HASH, epoch: 3 };

describe("the beacon", () => {
  const reveal = suite.sign(SECRET, revealMessage(CONTEXT, 4));

  it("is the hash of the last one and the leader's reveal", () => {
    expect(nextBeacon(ZERO_HASH, reveal)).toBe(keccakHash(concatBytes(hexToBytes(ZERO_HASH), reveal)));
  });

  it("changes in a block without a reveal too", () => {
    expect(nextBeacon(ZERO_HASH, NO_REVEAL)).toBe(keccakHash(hexToBytes(ZERO_HASH)));
  });

  it("has a reveal in one of so many blocks, and in all between a freeze and its seed", () => {
    const due = (number: number, election: ElectionTracker, beaconIntervalBlocks = 4): boolean =>
      isRevealDue({ header: { number } as FastHeader, election }, { beaconIntervalBlocks });
    const numbers = Array.from({ length: 9 }, (_, number) => number);
    const open = startElection(1, 0);
    expect(numbers.filter((number) => due(number, open))).toEqual([3, 7]);
    expect(numbers.filter((number) => due(number, open, 1))).toEqual(numbers);
    const frozen = { ...open, phase: "frozen", frozenHeight: 1, frozenTimeMs: 1 } as const;
    expect(numbers.filter((number) => due(number, frozen))).toEqual(numbers);
    expect(due(4, { ...frozen, phase: "seeded", beacon: ZERO_HASH })).toBe(false);
  });

  it("leaves a leader no choice: one reveal per chain, epoch and view, and only by its own key", () => {
    expect(bytesToHex(suite.sign(SECRET, revealMessage(CONTEXT, 4)))).toBe(bytesToHex(reveal));
    expect(verifyReveal(reveal, LEADER, CONTEXT, 4, suite)).toBe(true);
    expect(verifyReveal(reveal, LEADER, CONTEXT, 5, suite)).toBe(false);
    expect(verifyReveal(reveal, LEADER, { ...CONTEXT, epoch: 4 }, 4, suite)).toBe(false);
    expect(verifyReveal(reveal, LEADER, { ...CONTEXT, chainId: 8n }, 4, suite)).toBe(false);
    const other = { ...LEADER, publicKey: bytesToHex(suite.publicKey(new Uint8Array(32).fill(6))) };
    expect(verifyReveal(reveal, other, CONTEXT, 4, suite)).toBe(false);
    expect(verifyReveal(new Uint8Array(3), LEADER, CONTEXT, 4, suite)).toBe(false);
  });
});
