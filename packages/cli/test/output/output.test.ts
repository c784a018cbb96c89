import { describe, expect, it } from "@jest/globals";
import { fieldLines } from "../../src/output/fields.ts";
import { isColoured } from "../../src/output/style.ts";
import { runCommand } from "../runCommand.ts";

describe("what people read", () => {
  it("has quantities in decimal, and hashes, addresses and data as they are", () => {
    const address = `0x${"1".repeat(40)}`;
    const value = { gas: "0x5208", to: address, input: "0x12", list: ["0xff", { on: true }], empty: [], none: null };
    expect(fieldLines(value)).toEqual([
      "gas    21000",
      `to     ${address}`,
      "input  0x12",
      "list",
      "  0  255",
      "  1",
      "    on  true",
      "empty  none",
      "none   -",
    ]);
  });

  it("has dates beside times, and a word for a bloom of no logs", () => {
    expect(fieldLines({ timestamp: "0x6b02eb1e", blockTimestamp: "0x0", logsBloom: `0x${"0".repeat(512)}` })).toEqual([
      "timestamp       1795353374 (2026-11-22 13:16:14 UTC)",
      "blockTimestamp  0",
      "logsBloom       empty",
    ]);
    expect(fieldLines({ timestamp: "0x10000000000" })).toEqual([
      "timestamp  1099511627776 (+036812-02-20 00:36:16 UTC)",
    ]);
    expect(fieldLines({ timestamp: `0x${"f".repeat(60)}` })[0]).toMatch(/^timestamp {2}\d/);
  });

  it("is coloured on a terminal, unless NO_COLOR or a dumb terminal is set; elsewhere only by force", () => {
    expect(isColoured({ isTTY: true }, {})).toBe(true);
    expect(isColoured({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(isColoured({ isTTY: true }, { NO_COLOR: "" })).toBe(true);
    expect(isColoured({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(isColoured({}, {})).toBe(false);
    expect(isColoured({}, { FORCE_COLOR: "1" })).toBe(true);
    expect(isColoured({}, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });

  it("begins with help in groups, examples and exit codes", async () => {
    const { out } = await runCommand("--help");
    for (const part of [
      "Run a chain:",
      "Send and call:",
      "Read:",
      "Examples:",
      "$ festina dev",
      "Exit codes:",
      "NO_COLOR",
    ])
      expect(out).toContain(part);
    expect((await runCommand("deploy", "--help")).out).toContain("$ festina deploy Counter.sol");
  });
});
