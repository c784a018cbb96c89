import type { Address, Hash32 } from "@festina/primitives";
import type { Evidence } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EvidencePool, type PooledEvidence } from "../../src/evidence/evidencePool.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const EVIDENCE = {} as Evidence;
let pieces = 0;

function aPiece(...guilty: readonly number[]): PooledEvidence {
  pieces += 1;
  return {
    hash: `0x${pieces.toString(16).padStart(64, "0")}` as Hash32,
    evidence: EVIDENCE,
    guilty: guilty.map(address),
  };
}

describe("the evidence pool", () => {
  it("takes a piece once, and keeps the order in which they came", () => {
    const pool = new EvidencePool();
    const [first, second] = [aPiece(1), aPiece(2)] as const;
    expect([pool.add(first), pool.add(second), pool.add(first)]).toEqual([true, true, false]);
    expect(pool.pieces()).toEqual([first, second]);
    expect(pool.has(first.hash)).toBe(true);
  });

  it("gives no offender more than its share, unless the piece is wanted against somebody else", () => {
    const pool = new EvidencePool();
    expect([1, 1, 1].map((offender) => pool.add(aPiece(offender)))).toEqual([true, true, false]);
    expect(pool.add(aPiece(1, 2))).toBe(true);
    expect(pool.add(aPiece(1, 2))).toBe(true);
    expect(pool.add(aPiece(1, 2))).toBe(false);
    expect(pool.size).toBe(4);
  });

  it("drops what is due no longer, and makes room for its offenders again", () => {
    const pool = new EvidencePool();
    const [mine, yours] = [aPiece(1), aPiece(2)] as const;
    for (const piece of [mine, aPiece(1), yours]) pool.add(piece);
    expect(pool.keep(({ guilty }) => guilty.includes(address(2)))).toHaveLength(2);
    expect(pool.pieces()).toEqual([yours]);
    expect([pool.add(aPiece(1)), pool.add(aPiece(1)), pool.add(aPiece(1))]).toEqual([true, true, false]);
  });

  it("has an end", () => {
    const pool = new EvidencePool();
    for (let offender = 0; offender < 2_000; offender++) pool.add(aPiece(offender));
    expect(pool.size).toBe(1_024);
  });
});
