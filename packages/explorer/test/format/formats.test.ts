import { describe, expect, it } from "@jest/globals";
import { formatCoins, formatGwei, formatUnits, parseUnits } from "../../src/format/formatAmount.ts";
import { cleanText, shortHash } from "../../src/format/formatHash.ts";
import { formatBytes, formatCount, formatMany, formatPercent, formatShort } from "../../src/format/formatNumber.ts";
import { formatAge, formatSpan, formatTime } from "../../src/format/formatTime.ts";
import { readBigint, readNumber } from "../../src/format/readQuantity.ts";

describe("amounts", () => {
  it.each([
    [0n, "0 coins"],
    [1n, "1 wei"],
    [1_234_567n, "0.0012… gwei"],
    [10n ** 12n, "0.000001 coins"],
    [10n ** 18n, "1 coin"],
    [1_500_000_000_000_000_000n, "1.5 coins"],
    [1_234_567n * 10n ** 18n + 1n, "1,234,567.000000… coins"],
    [-5n * 10n ** 17n, "-0.5 coins"],
  ])("%p wei are %p", (wei, text) => expect(formatCoins(wei)).toBe(text));

  it("take any number of decimals", () => {
    expect(formatUnits(1_234n, 0)).toBe("1,234");
    expect(formatUnits(1_234n, 2)).toBe("12.34");
    expect(formatGwei(1_500_000_000n)).toBe("1.5 gwei");
  });

  it("are read back exactly or not at all", () => {
    expect(parseUnits("1.5", 18)).toBe(1_500_000_000_000_000_000n);
    expect(parseUnits(" 7 ", 0)).toBe(7n);
    for (const text of ["", "-1", "1.", ".5", "1e3", "0x1", "1.23", "9".repeat(41)])
      expect(parseUnits(text, 1)).toBeNull();
  });
});

describe("numbers", () => {
  it("are grouped, shortened, shared", () => {
    expect([formatCount(1_234_567), formatCount(12n), formatCount(0)]).toEqual(["1,234,567", "12", "0"]);
    expect([0, 7, 7.25, 1_234, 56_789, 2_500_000, 1e21].map((value) => formatShort(value))).toEqual([
      ...["0", "7", "7.25", "1.23 k", "56.8 k", "2.50 M", "1000000 P"],
    ]);
    expect(formatShort(Number.NaN)).toBe("–");
    expect([459, 459_000].map((value) => formatShort(value, "H/s"))).toEqual(["459 H/s", "459 kH/s"]);
    expect([formatMany(1, "seat"), formatMany(2_000, "seat")]).toEqual(["1 seat", "2,000 seats"]);
    expect([formatMany(1n, "hash"), formatMany(0n, "hash")]).toEqual(["1 hash", "0 hashes"]);
    expect([formatPercent(0.5), formatPercent(0.012), formatBytes(12), formatBytes(2_048)]).toEqual([
      ...["50 %", "1.2 %", "12 B", "2.0 KiB"],
    ]);
  });

  it("of the node are numbers or nothing", () => {
    expect([
      readNumber("0x1f"),
      readNumber(7),
      readNumber("7"),
      readNumber(null),
      readNumber("0x"),
      readNumber({}),
    ]).toEqual([...[31, 7, 0, 0, 0, 0]]);
    expect([readBigint("0xff"), readBigint("12"), readBigint("x"), readBigint(undefined)]).toEqual([255n, 12n, 0n, 0n]);
  });
});

describe("times", () => {
  it.each([
    [12, "12 ms"],
    [1_500, "1.5 s"],
    [42_000, "42 s"],
    [125_000, "2 min 5 s"],
    [2 * 3_600_000 + 300_000, "2 h 5 min"],
    [75 * 3_600_000, "3 d 3 h"],
  ])("%p ms are %p", (ms, text) => expect(formatSpan(ms)).toBe(text));

  it("are in UTC, and never out of range", () => {
    expect(formatTime(1_700_000_000_250)).toBe("2023-11-14 22:13:20.250");
    expect(formatTime(2 ** 40 * 1_000)).toBe("+036812-02-20 00:36:16");
    expect(formatTime(1e20)).toBe("–");
    expect([5_000, 900, 0, -58_500].map((ms) => formatAge(ms, 1_000))).toEqual(["now", "now", "1 s ago", "59 s ago"]);
    expect(formatAge(0, 61_500)).toBe("1 min 1 s ago");
    expect(formatAge(Number.NaN, 0)).toBe("–");
  });
});

describe("text of a chain", () => {
  it("is cut and cleaned", () => {
    expect(shortHash(`0x${"ab".repeat(32)}`)).toBe("0xababab…ababab");
    expect(shortHash("0x1234")).toBe("0x1234");
    expect(cleanText("a\u202eb\u0000c")).toBe("a\u{fffd}b\u{fffd}c");
    expect(cleanText("x".repeat(300))).toHaveLength(201);
  });
});
