import { describe, expect, it } from "@jest/globals";
import { newBytes } from "../src/bytes.ts";

const lengthOf = (index: number) => (index * 37) % 1_500;

describe("new bytes", () => {
  it("are zero, aligned, and nobody else's, of whatever length", () => {
    const taken = Array.from({ length: 400 }, (_, index) => newBytes(lengthOf(index)).fill(index & 0xff));
    for (const [index, bytes] of taken.entries()) {
      expect(bytes.length).toBe(lengthOf(index));
      expect(bytes.every((byte) => byte === (index & 0xff))).toBe(true);
      expect(bytes.byteOffset % 8).toBe(0);
    }
    expect(newBytes(100)).toEqual(new Uint8Array(100));
  });
});
