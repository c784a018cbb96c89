// Elections by `drawCommittee` itself, with its own hashing, seat by seat beside the draw in floating point.
import { keccak256 } from "@festina/crypto";
import { type Candidate, type Draw, drawCommittee } from "@festina/election";
import { type Address, bytesToBigint, bytesToHex, concatBytes, hexToBytes, toHash32 } from "@festina/primitives";
import type { Dice } from "../../world/streams.ts";
import { committeeOf, createStudySpec, studyAddress } from "../world/studySpec.ts";
import type { KeyLayout } from "./keyLayout.ts";
import { seatsBetween } from "./lineDraw.ts";

const HASH_BYTES = 32;
const DEPOSIT_PER_SEAT_WEI = 1n;
/** Parts of all work that the shares are rounded to: whole hashes. */
const WORK = 1_000_000_000_000;
const U_SCALE = 2 ** 64;

function candidateAt(index: number, seats: number): Candidate {
  const address = studyAddress("cc", index);
  const depositWei = DEPOSIT_PER_SEAT_WEI * BigInt(seats);
  return { address, payout: address, publicKey: "0x", depositWei, readyAt: 0, isLeaving: false };
}

/** The committee that this much work elects, everybody being ready and none held back by its deposit. */
export function drawReal(works: readonly number[], seats: number, seed: Uint8Array): Draw {
  const candidates = works.map((_, index) => candidateAt(index, seats));
  const weights = new Map<Address, bigint>(works.map((work, index) => [studyAddress("cc", index), BigInt(work)]));
  return drawCommittee({
    epoch: 1,
    seed: toHash32(seed),
    candidates,
    weights,
    voided: new Set(),
    windowStartHeight: 0,
    seats,
    depositPerSeatWei: DEPOSIT_PER_SEAT_WEI,
    minValidators: 1,
    sitting: committeeOf(createStudySpec()),
  });
}

/** What differs, or `null`. */
export function auditElection(layout: KeyLayout, seats: number, dice: Dice): string | null {
  const seed = dice.bytes(HASH_BYTES);
  const works = Array.from(layout.shares, (share) => Math.round(share * WORK));
  const total = works.reduce((sum, work) => sum + work, 0);
  const drawn = drawReal(works, seats, seed);
  const places = works.map((work, index) => ({
    work,
    index,
    place: bytesToHex(keccak256(concatBytes(seed, hexToBytes(studyAddress("cc", index))))),
  }));
  places.sort((a, b) => (a.place < b.place ? -1 : 1));
  const u = Number(bytesToBigint(keccak256(concatBytes(seed, Uint8Array.of(0))).subarray(0, 8))) / U_SCALE;
  let at = 0;
  for (const { work, index } of places) {
    const expected = seatsBetween(at / total, (at + work) / total, seats, u);
    const held = drawn.lines[index]?.seats;
    if (held !== expected) return `key ${index} of "${layout.name}" holds ${held} of ${seats} seats, not ${expected}`;
    at += work;
  }
  return null;
}
