import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bytesToHex, hexToBytes, isHex, parseAddress, parseHash32, toHash32 } from "../src/index.ts";

describe("hex", () => {
  it("brings any bytes there and back", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes)));
  });

  it("refuses text that is not hex bytes", () => {
    for (const text of ["", "0", "0x0", "0xzz", "12", "0x 1", "x0"]) {
      expect(isHex(text)).toBe(false);
      expect(() => hexToBytes(text)).toThrow(RangeError);
    }
  });

  it("parses hashes and addresses of exact size only, into lower case", () => {
    expect(parseHash32(`0x${"AB".repeat(32)}`)).toEqual({ ok: true, value: `0x${"ab".repeat(32)}` });
    expect(parseHash32(`0x${"ab".repeat(31)}`).ok).toBe(false);
    expect(parseAddress(`0x${"ab".repeat(20)}`).ok).toBe(true);
    expect(parseAddress(`0x${"ab".repeat(21)}`).ok).toBe(false);
    expect(parseAddress(12).ok).toBe(false);
    expect(() => toHash32(new Uint8Array(31))).toThrow(RangeError);
  });
});
