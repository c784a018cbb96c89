import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeRlp, encodeRlp, hexToBytes, type RlpItem, readRlp } from "../src/index.ts";

const item = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 80 }), fc.array(tie("item"), { maxLength: 4 })),
})).item;

function isCanonical(bytes: Uint8Array): boolean {
  const decoded = decodeRlp(bytes);
  return decoded.ok && Buffer.from(encodeRlp(decoded.value)).equals(Buffer.from(bytes));
}

describe("rlp", () => {
  it("brings any item there and back", () => {
    fc.assert(fc.property(item, (value) => expect(isCanonical(encodeRlp(value))).toBe(true)));
  });

  it("accepts of all byte strings only the canonical ones", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        if (decodeRlp(bytes).ok) expect(isCanonical(bytes)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(["0x", "0x8100", "0xb800", "0xb9000100", "0xc1", "0x8301", "0x0000", "0xff0000000000000001", "0xf800"])(
    "refuses %s",
    (text) => expect(decodeRlp(hexToBytes(text)).ok).toBe(false),
  );

  it("refuses nesting beyond the bound instead of recursing", () => {
    const deep = new Uint8Array(60_000).fill(0xc1);
    expect(decodeRlp(deep).ok).toBe(false);
  });
});

describe("readRlp", () => {
  const read = (value: RlpItem) =>
    readRlp(encodeRlp(value), "pair", (reader) => ({ count: reader.number("count"), owner: reader.address("owner") }));

  it("names the field that breaks the shape", () => {
    expect(read([Uint8Array.of(7), new Uint8Array(20)]).ok).toBe(true);
    const cases: [RlpItem, string][] = [
      [[Uint8Array.of(7), new Uint8Array(19)], "pair.owner"],
      [[Uint8Array.of(0, 7), new Uint8Array(20)], "pair.count"],
      [[Uint8Array.of(7)], "pair.owner"],
      [[Uint8Array.of(7), new Uint8Array(20), Uint8Array.of(1)], "extra"],
      [[[], new Uint8Array(20)], "pair.count"],
      [new Uint8Array(0), "expected a list"],
      [[new Uint8Array(8).fill(255), new Uint8Array(20)], "too large"],
    ];
    for (const [value, part] of cases) {
      const result = read(value);
      expect(result.ok ? "" : result.error.message).toContain(part);
    }
  });
});
