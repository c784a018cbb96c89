import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recoverPublicKey } from "@festina/crypto";
import { hexToBytes, isHex } from "@festina/primitives";
import { decodeTransaction, type RecoveredTransaction, recoverTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, warnMissingVectors } from "./outsideVectors.ts";

interface Expectation {
  readonly hash?: string;
  readonly sender?: string;
  readonly exception?: string;
}

interface TransactionCase {
  readonly name: string;
  readonly bytes: string;
  readonly cancun: Expectation;
}

/** Rules of execution (`validateTransaction`: chain id, gas, prices, nonce bound), not of form and signature. */
const DECIDED_LATER =
  /INTRINSIC_GAS_TOO_LOW|GASLIMIT_PRICE_PRODUCT_OVERFLOW|PRIORITY_GREATER|NONCE_TOO_BIG|INVALID_CHAINID|INITCODE/;

const folder = ethereumTestsFolder();
if (folder === null) warnMissingVectors("TransactionTests");

function loadCases(root: string): TransactionCase[] {
  const files = readdirSync(join(root, "TransactionTests"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const tests = JSON.parse(readFileSync(join(root, "TransactionTests", file), "utf8")) as Record<
        string,
        { txbytes: string; result: Record<string, Expectation> }
      >;
      return Object.entries(tests).flatMap(([name, { txbytes, result }]) =>
        result["Cancun"] === undefined ? [] : [{ name, bytes: txbytes, cancun: result["Cancun"] }],
      );
    });
}

function accept(text: string): RecoveredTransaction | null {
  if (!isHex(text)) return null;
  const decoded = decodeTransaction(hexToBytes(text));
  if (!decoded.ok) return null;
  const recovered = recoverTransaction(decoded.value, recoverPublicKey);
  return recovered.ok ? recovered.value : null;
}

(folder === null ? describe.skip : describe)("TransactionTests of ethereum/tests, newest column", () => {
  const cases = folder === null ? [] : loadCases(folder);

  it("finds hash and sender of every valid transaction", () => {
    const valid = cases.filter(({ cancun }) => cancun.exception === undefined);
    expect(valid.length).toBeGreaterThanOrEqual(50);
    for (const { name, bytes, cancun } of valid) {
      const transaction = accept(bytes);
      expect([name, transaction?.hash, transaction?.sender]).toEqual([name, cancun.hash, cancun.sender]);
    }
  });

  it("refuses every transaction of invalid form or signature", () => {
    const invalid = cases.filter(
      ({ cancun }) => cancun.exception !== undefined && !DECIDED_LATER.test(cancun.exception),
    );
    expect(invalid.length).toBeGreaterThanOrEqual(50);
    const accepted = invalid.filter(({ bytes }) => accept(bytes) !== null);
    expect(accepted.map(({ name, cancun }) => `${name}: ${cancun.exception}`)).toEqual([]);
  });
});
