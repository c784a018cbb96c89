import { readFileSync } from "node:fs";
import { bigintToBytes, bytesToHex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { verifyPointEvaluation } from "../../src/reference/pointEvaluation.ts";

/** The ceremony's points as another project ships them. */
const setup = JSON.parse(
  readFileSync(new URL("../../../../node_modules/viem/trusted-setups/mainnet.json", import.meta.url), "utf8"),
) as { readonly g1_monomial: readonly string[] };

const { G1, fields } = bls12_381;
const power = (exponent: number) => G1.Point.fromHex((setup.g1_monomial[exponent] as string).slice(2));
const hex = (point: typeof G1.Point.BASE): string => bytesToHex(point.toBytes(true));
const scalar = (value: bigint): string => bytesToHex(bigintToBytes(value, 32));
const INFINITY = `0xc0${"00".repeat(47)}`;

describe("verifyPointEvaluation", () => {
  // p(x) = 3 + 5x + 7x^2; (p(x) - p(z)) / (x - z) = 5 + 7z + 7x.
  const z = 11n;
  const value = 3n + 5n * z + 7n * z * z;
  const commitment = hex(power(0).multiply(3n).add(power(1).multiply(5n)).add(power(2).multiply(7n)));
  const proof = hex(
    power(0)
      .multiply(5n + 7n * z)
      .add(power(1).multiply(7n)),
  );

  it("accepts the value of a polynomial and no other", () => {
    expect(verifyPointEvaluation(commitment, scalar(z), scalar(value), proof)).toBe(true);
    expect(verifyPointEvaluation(commitment, scalar(z), scalar(value + 1n), proof)).toBe(false);
    expect(verifyPointEvaluation(commitment, scalar(z + 1n), scalar(value), proof)).toBe(false);
    expect(verifyPointEvaluation(commitment, scalar(z), scalar(value), hex(power(1)))).toBe(false);
  });

  it("accepts constants, zero included, whose proof is the point at infinity", () => {
    expect(verifyPointEvaluation(hex(power(0).multiply(9n)), scalar(z), scalar(9n), INFINITY)).toBe(true);
    expect(verifyPointEvaluation(INFINITY, scalar(0n), scalar(0n), INFINITY)).toBe(true);
    expect(verifyPointEvaluation(INFINITY, scalar(0n), scalar(1n), INFINITY)).toBe(false);
  });

  it.each([
    ["a scalar above the order", commitment, scalar(fields.Fr.ORDER), proof],
    ["a commitment off the curve", `0x${"ab".repeat(48)}`, scalar(z), proof],
    ["a point outside the group", `0x80${"00".repeat(46)}04`, scalar(z), proof],
    ["a proof that is no point", commitment, scalar(z), `0x${"00".repeat(48)}`],
  ])("names %s as bad input", (_name, point, at, evidence) => {
    expect(() => verifyPointEvaluation(point, at, scalar(value), evidence)).toThrow("C_KZG_BADARGS");
  });
});
