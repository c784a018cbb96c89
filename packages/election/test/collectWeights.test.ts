import { encodeRlp, readRlp, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import type { Fruit } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { candidateItem, collectWeights, electionSeed, readCandidate } from "../src/index.ts";
import { address, candidate, seed } from "./drawInputs.ts";

function fruit(supports: number, fruitDifficulty: bigint): Fruit {
  return {
    header: {
      number: 1,
      parentHash: ZERO_HASH,
      timestamp: 1,
      payout: ZERO_ADDRESS,
      supports: address(supports),
      anchorNumber: 0,
      anchorHash: ZERO_HASH,
      certificateHash: ZERO_HASH,
      boundaryHash: ZERO_HASH,
      fruitsRoot: ZERO_HASH,
      packedFruits: 0,
      difficulty: 1n,
      pointerHash: ZERO_HASH,
      fruitDifficulty,
      nonce: 0n,
    },
  };
}

describe("weights", () => {
  it("are the sums of difficulties, not counts of fruits or luck of hashes", () => {
    const weights = collectWeights([fruit(1, 5n), fruit(2, 2n ** 100n), fruit(1, 7n), fruit(2, 1n)]);
    expect([...weights]).toEqual([
      [address(1), 12n],
      [address(2), 2n ** 100n + 1n],
    ]);
    expect(collectWeights([]).size).toBe(0);
  });
});

describe("seed", () => {
  it("needs both the beacon and the window's last block", () => {
    const seeds = [electionSeed(seed(1), seed(2)), electionSeed(seed(2), seed(1)), electionSeed(seed(1), seed(3))];
    expect(new Set(seeds).size).toBe(3);
    expect(electionSeed(seed(1), seed(2))).toBe(seeds[0]);
  });
});

describe("encoding of a candidate", () => {
  const decode = (bytes: Uint8Array) => readRlp(bytes, "candidate", readCandidate);

  it("comes back as it went", () => {
    for (const isLeaving of [true, false]) {
      const value = candidate(3, { isLeaving, readyAt: 0, depositWei: 2n ** 127n });
      expect(decode(encodeRlp(candidateItem(value)))).toEqual({ ok: true, value });
    }
  });

  it("garbage is refused", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => !decode(bytes).ok));
  });
});
