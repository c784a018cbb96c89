import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, decodeRlp, encodeRlp, hexToBytes, type RlpItem, rlpInteger } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, warnMissingVectors } from "./outsideVectors.ts";

interface RlpCase {
  readonly in: unknown;
  readonly out: string;
}

const folder = ethereumTestsFolder();
if (folder === null) warnMissingVectors("RLPTests");

function load(name: string): [string, RlpCase][] {
  return Object.entries(
    JSON.parse(readFileSync(join(folder as string, "RLPTests", name), "utf8")) as Record<string, RlpCase>,
  );
}

function toItem(value: unknown): RlpItem {
  if (Array.isArray(value)) return value.map(toItem);
  if (typeof value === "number") return rlpInteger(value);
  const text = String(value);
  return text.startsWith("#") ? rlpInteger(BigInt(text.slice(1))) : new TextEncoder().encode(text);
}

const withHexPrefix = (text: string): string => (text.startsWith("0x") ? text : `0x${text}`);

(folder === null ? describe.skip : describe)("RLPTests of ethereum/tests", () => {
  it("encodes and decodes every valid case", () => {
    const cases = load("rlptest.json");
    expect(cases.length).toBeGreaterThan(20);
    for (const [name, { in: input, out }] of cases) {
      const encoded = encodeRlp(toItem(input));
      expect([name, bytesToHex(encoded)]).toEqual([name, withHexPrefix(out)]);
      const decoded = decodeRlp(encoded);
      expect([name, decoded.ok]).toEqual([name, true]);
      if (decoded.ok) expect(bytesToHex(encodeRlp(decoded.value))).toBe(withHexPrefix(out));
    }
  });

  it("refuses every invalid case", () => {
    for (const [name, { out }] of load("invalidRLPTest.json")) {
      expect([name, decodeRlp(hexToBytes(withHexPrefix(out))).ok]).toEqual([name, false]);
    }
  });

  it("agrees with the random cases", () => {
    for (const file of readdirSync(join(folder as string, "RLPTests/RandomRLPTests"))) {
      for (const [, { in: input, out }] of load(`RandomRLPTests/${file}`)) {
        expect(decodeRlp(hexToBytes(withHexPrefix(out))).ok).toBe(input !== "INVALID");
      }
    }
  });
});
