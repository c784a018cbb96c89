import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  decodeTruehashTable,
  deriveTruehashTable,
  eachTruehashOne,
  encodeTruehashTable,
  expandTruehashTable,
  TRUEHASH_SEEDS,
} from "../../../src/index.ts";

const TABLE_BYTES = 16 * 2_048 * 4 * 2;

describe("TrueHash table", () => {
  it("is derived by offset and skip of each row", () => {
    // Every row: offset 7 - 4 = 3, skip 3 + 1 = 4.
    const ones = onesOf(deriveTruehashTable(new Uint8Array(TRUEHASH_SEEDS * 32).fill(0xff)));
    expect(ones.get("0 1000")).toEqual([995, 999, 1_003, 1_007]);
    expect(ones.get("15 2047")).toEqual([2_042, 2_046]);
    expect(ones.get("0 0")).toEqual([3, 7]);
    // Offset -4, skip 1: the first rows have nothing in range but their diagonal.
    const low = onesOf(deriveTruehashTable(new Uint8Array(TRUEHASH_SEEDS * 32)));
    expect(low.get("3 0")).toEqual([0]);
    expect(low.get("3 2")).toEqual([2]);
    expect(low.get("3 3")).toEqual([0]);
    expect(low.get("3 6")).toEqual([0, 1, 2, 3]);
  });

  it("reads four bytes of the first 8,192 hashes and sixteen of the others", () => {
    const seeds = new Uint8Array(TRUEHASH_SEEDS * 32).fill(4); // offset 0, skip 1
    seeds[8_191 * 32 + 3] = 5; // the last row's offset is 1
    seeds[8_192 * 32 + 15] = 1; // the sixteenth row's skip is 2
    seeds[32 + 4] = 7; // read by nobody
    const ones = onesOf(deriveTruehashTable(seeds));
    expect(ones.get("0 15")).toEqual([11, 13, 15, 17]);
    expect(ones.get("0 16")).toEqual([14, 15, 16, 17]);
    expect(ones.get("15 2047")).toEqual([2_046, 2_047]);
    expect(ones.get("0 8")).toEqual([6, 7, 8, 9]);
  });

  it("survives its bytes, and expands to the bits that it names", () => {
    const table = deriveTruehashTable(createPrng(3).bytes(TRUEHASH_SEEDS * 32));
    expect(decodeTruehashTable(encodeTruehashTable(table))).toEqual(table);
    const bytes = expandTruehashTable(table);
    let ones = 0;
    let missing = 0;
    eachTruehashOne(table, (matrix, row, column) => {
      ones++;
      if (((bytes[(matrix * 2_048 + row) * 256 + (column >> 3)]! >> (column & 7)) & 1) === 0) missing++;
    });
    expect(missing).toBe(0);
    expect(bytes.reduce((sum, byte) => sum + countOnes(byte), 0)).toBe(ones);
  });

  it("counts a column once, gives an empty row its diagonal, and refuses what is no table", () => {
    const bytes = new Uint8Array(TABLE_BYTES).fill(0xff);
    for (let at = 1; at < bytes.length; at += 2) bytes[at] = 0x0f;
    bytes.set([9, 0, 9, 0, 8, 0], 0);
    const ones = onesOf(decodeTruehashTable(bytes)!);
    expect(ones.get("0 0")).toEqual([8, 9]);
    expect(ones.get("4 700")).toEqual([700]);
    expect(decodeTruehashTable(bytes.subarray(1))).toBeNull();
    expect(decodeTruehashTable(new Uint8Array())).toBeNull();
    bytes.set([0x00, 0x08], 64);
    expect(decodeTruehashTable(bytes)).toBeNull();
  });
});

function onesOf(table: Uint16Array): Map<string, number[]> {
  const ones = new Map<string, number[]>();
  eachTruehashOne(table, (matrix, row, column) => {
    const key = `${matrix} ${row}`;
    ones.set(
      key,
      [...(ones.get(key) ?? []), column].sort((a, b) => a - b),
    );
  });
  for (const columns of ones.values()) columns.sort((a, b) => a - b);
  return ones;
}

function countOnes(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
