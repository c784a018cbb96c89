import { createBlsSuite } from "@festina/adapters";
import { keccakHash, type SigningContext } from "@festina/crypto";
import { type ElectionTracker, startElection } from "@festina/election";
import { bytesToHex, concatBytes, hexToBytes, ZERO_HASH } from "@festina/primitives";
import type { FastHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { isRevealDue, isRevealRight, NO_REVEAL, nextBeacon, revealMessage } from "../../src/index.ts";
import { OWNERS, PAYOUTS } from "./members.ts";

const suite = createBlsSuite();
const SECRET = new Uint8Array(32).fill(5);
const LEADER = { address: OWNERS[0], payout: PAYOUTS[0], publicKey: bytesToHex(suite.publicKey(SECRET)), seats: 1 };
const PARENT_OF_DUE = { header: { number: 3 } as FastHeader, election: startElection(1, 0) };
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
    const isRight = (view = 4, context: SigningContext = CONTEXT, leader = LEADER, given = reveal): boolean =>
      isRevealRight({ reveal: given, view }, PARENT_OF_DUE, leader, {
        preset: { beaconIntervalBlocks: 4 },
        suite,
        context,
      });
    expect(isRight()).toBe(true);
    expect(isRight(5)).toBe(false);
    expect(isRight(4, { ...CONTEXT, epoch: 4 })).toBe(false);
    expect(isRight(4, { ...CONTEXT, chainId: 8n })).toBe(false);
    const other = { ...LEADER, publicKey: bytesToHex(suite.publicKey(new Uint8Array(32).fill(6))) };
    expect(isRight(4, CONTEXT, other)).toBe(false);
    for (const given of [new Uint8Array(3), NO_REVEAL]) expect(isRight(4, CONTEXT, LEADER, given)).toBe(false);
  });

  it("takes no reveal where none is due, not even the leader's own", () => {
    const rules = { preset: { beaconIntervalBlocks: 4 }, suite, context: CONTEXT };
    const parent = { ...PARENT_OF_DUE, header: { number: 4 } as FastHeader };
    expect(isRevealRight({ reveal, view: 4 }, parent, LEADER, rules)).toBe(false);
    expect(isRevealRight({ reveal: NO_REVEAL, view: 4 }, parent, LEADER, rules)).toBe(true);
    expect(isRevealRight({ reveal, view: 4 }, PARENT_OF_DUE, undefined, rules)).toBe(false);
  });
});
