import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOfSecretKey } from "@festina/crypto";
import { hexToBytes } from "@festina/primitives";
import { afterAll, describe, expect, it } from "@jest/globals";
import { choosePayout } from "../../src/mining/payoutAccount.ts";

const folder = mkdtempSync(join(tmpdir(), "festina-payout-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("who is paid", () => {
  it("is the address that was named", () => {
    const account = join(folder, "unused.key");
    expect(choosePayout({ payout: `0x${"AB".repeat(20)}`, account })).toEqual({
      address: `0x${"ab".repeat(20)}`,
      madeFile: null,
    });
    expect(() => choosePayout({ payout: "0x12", account })).toThrow(
      expect.objectContaining({ code: expect.any(String) }),
    );
  });

  it("else a new account, whose key only its owner can read, and the same one the next time", () => {
    const account = join(folder, "deep", "miner.key");
    const made = choosePayout({ account });
    expect(made.madeFile).toBe(account);
    expect(addressOfSecretKey(hexToBytes(readFileSync(account, "utf8").trim()))).toBe(made.address);
    expect(statSync(account).mode & 0o777).toBe(0o600);
    expect(choosePayout({ account })).toEqual({ address: made.address, madeFile: null });
  });

  it("is nobody when the key file is none", () => {
    const account = join(folder, "broken.key");
    writeFileSync(account, "not a key");
    expect(() => choosePayout({ account })).toThrow(expect.objectContaining({ code: expect.any(String) }));
  });
});
