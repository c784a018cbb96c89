import { bytesToHex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import fc from "fast-check";
import { expandBlsKey, expandBlsSignature } from "../src/index.ts";
import { testKey } from "./registryHarness.ts";

const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;

describe("BLS points for the precompiles", () => {
  it("the generator of G1 is written as in EIP-2537's test vectors", () => {
    const expanded = expandBlsKey(G1.BASE.toBytes(true));
    expect(expanded.ok && bytesToHex(expanded.value)).toBe(
      `0x${"0".repeat(32)}17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb` +
        `${"0".repeat(32)}08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1`,
    );
  });

  it("the generator of G2 has its real parts first", () => {
    const expanded = expandBlsSignature(G2.BASE.toBytes(true));
    const { x, y } = G2.BASE.toAffine();
    const words = [x.c0, x.c1, y.c0, y.c1].map((value) => value.toString(16).padStart(128, "0"));
    expect(expanded.ok && bytesToHex(expanded.value)).toBe(`0x${words.join("")}`);
    expect(words[0]?.slice(32, 44)).toBe("024aa2b2f08f");
  });

  it("zero, other lengths and what is no point are refused", () => {
    const { compressed } = testKey(1);
    const refused = { ok: false, error: { code: "BLS_KEY_INVALID" } };
    expect(expandBlsKey(G1.ZERO.toBytes(true))).toMatchObject(refused);
    expect(expandBlsKey(compressed.subarray(1))).toMatchObject(refused);
    expect(expandBlsKey(new Uint8Array(48))).toMatchObject(refused);
    expect(expandBlsKey(new Uint8Array(48).fill(0xff))).toMatchObject(refused);
    // The long form is not taken for the short one.
    expect(expandBlsKey(G1.BASE.toBytes(false))).toMatchObject(refused);
    const refusedSignature = { ok: false, error: { code: "BLS_SIGNATURE_INVALID" } };
    expect(expandBlsSignature(G2.ZERO.toBytes(true))).toMatchObject(refusedSignature);
    expect(expandBlsSignature(new Uint8Array(96).fill(0x81))).toMatchObject(refusedSignature);
  });

  it("a point on the curve but outside the subgroup is refused", () => {
    // x = 4 lies on y^2 = x^3 + 4; the cofactor of G1 is about 2^126, so a small x is never in the subgroup.
    const outside = new Uint8Array(48);
    outside[0] = 0x80;
    outside[47] = 4;
    expect(() => G1.fromBytes(outside)).toThrow();
    expect(expandBlsKey(outside).ok).toBe(false);
  });

  it("garbage is refused and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => !expandBlsKey(bytes).ok),
      { numRuns: 30 },
    );
  });
});
