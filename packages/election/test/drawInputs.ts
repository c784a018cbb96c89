// Made-up candidates and inputs for the draw.
import { keccakHash } from "@festina/crypto";
import { type Address, asciiToBytes, bytesToHex, type Hash32, toAddress } from "@festina/primitives";
import type { Candidate, DrawInput } from "../src/index.ts";

export const DEPOSIT_PER_SEAT_WEI = 100n;

export function address(index: number): Address {
  return toAddress(Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? index & 0xff : i === 18 ? index >> 8 : 0xbb)));
}

export function seed(index: number): Hash32 {
  return keccakHash(asciiToBytes(`seed ${index}`));
}

/** A candidate that nothing speaks against and whose deposit covers every seat. */
export function candidate(index: number, changes: Partial<Candidate> = {}): Candidate {
  return {
    address: address(index),
    payout: address(1_000 + index),
    publicKey: bytesToHex(new Uint8Array(48).fill(index & 0xff)),
    depositWei: 1_000_000n * DEPOSIT_PER_SEAT_WEI,
    readyAt: 50,
    isLeaving: false,
    ...changes,
  };
}

/** Candidates 0, 1, ... with the given weights. */
export function drawInput(weights: readonly bigint[], changes: Partial<DrawInput> = {}): DrawInput {
  return {
    epoch: 1,
    seed: seed(0),
    candidates: weights.map((_, index) => candidate(index)),
    weights: new Map(weights.map((weight, index) => [address(index), weight])),
    voided: new Set(),
    windowStartHeight: 50,
    seats: 100,
    depositPerSeatWei: DEPOSIT_PER_SEAT_WEI,
    minValidators: 1,
    sitting: {
      epoch: 0,
      members: [7, 8, 9].map((index) => ({ ...member(index), seats: index })),
    },
    ...changes,
  };
}

export function member(index: number) {
  const { address: name, payout, publicKey } = candidate(index);
  return { address: name, payout, publicKey };
}
