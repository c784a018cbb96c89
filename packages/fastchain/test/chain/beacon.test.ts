import { createBlsSuite } from "@festina/adapters";
import { keccakHash } from "@festina/crypto";
import { bytesToHex, concatBytes, hexToBytes, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { nextBeacon, revealMessage, verifyReveal } from "../../src/index.ts";
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
