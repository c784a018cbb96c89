import { keccakHash } from "@festina/crypto";
import { describe, expect, it } from "@jest/globals";
import { NewCodes } from "../../src/world/newCodes.ts";

const codeOf = (index: number): Uint8Array => Uint8Array.of(0x60, index);
const hashOf = (index: number) => keccakHash(codeOf(index));

describe("NewCodes", () => {
  it("finds code by its hash, whether it was added before somebody looked or after", () => {
    const codes = new NewCodes();
    expect([...codes]).toEqual([]);
    expect(codes.get(hashOf(1))).toBeUndefined();
    codes.add(hashOf(1), codeOf(1));
    expect(codes.get(hashOf(1))).toEqual(codeOf(1));
    codes.add(hashOf(2), codeOf(2));
    expect([codes.get(hashOf(1)), codes.get(hashOf(2)), codes.get(hashOf(3))]).toEqual([
      codeOf(1),
      codeOf(2),
      undefined,
    ]);
  });

  it("lists each code once, however often it was deployed", () => {
    const codes = new NewCodes();
    for (const index of [1, 2, 1, 3, 2]) codes.add(hashOf(index), codeOf(index));
    expect([...codes]).toEqual([1, 2, 3].map((index) => [hashOf(index), codeOf(index)]));
    codes.add(hashOf(1), codeOf(1));
    expect([...codes]).toHaveLength(3);
  });
});
