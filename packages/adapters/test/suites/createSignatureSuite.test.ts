import { bigintToBytes, bytesToBigint, createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { createSignatureSuite } from "../../src/suites/createSignatureSuite.ts";
import { createEd25519Scheme } from "../../src/suites/ed25519Scheme.ts";
import { createSecp256k1Scheme } from "../../src/suites/secp256k1Scheme.ts";
import { describeSuite } from "./suiteCompliance.ts";

for (const name of ["bls", "secp256k1", "ed25519"] as const) describeSuite(name, createSignatureSuite(name));

const prng = createPrng(5);
const secretKey = prng.bytes(32).fill(1, 0, 1);
const message = prng.bytes(70);

describe("suites", () => {
  it("have ids and names of their own", () => {
    const suites = (["bls", "secp256k1", "ed25519"] as const).map((name) => createSignatureSuite(name));
    expect(suites.map(({ id, name }) => [id, name])).toEqual([
      [1, "bls"],
      [2, "secp256k1"],
      [3, "ed25519"],
    ]);
    expect(suites.map(({ publicKeyBytes }) => publicKeyBytes)).toEqual([48, 81, 80]);
  });

  it("do not take a vote of one for a vote of another under the same secret", () => {
    const [ecdsa, eddsa] = [createSignatureSuite("secp256k1"), createSignatureSuite("ed25519")];
    expect(ecdsa.publicKey(secretKey).slice(48)).not.toEqual(secp256k1.getPublicKey(secretKey));
    expect(ecdsa.verify(ecdsa.publicKey(secretKey), message, eddsa.sign(secretKey, message))).toBe(false);
  });
});

describe("secp256k1", () => {
  const native = createSecp256k1Scheme();
  const noble = createSecp256k1Scheme(() => {
    throw new Error("no native library");
  });

  it("gives the same answers natively and in JavaScript", () => {
    expect(noble.publicKey(secretKey)).toEqual(native.publicKey(secretKey));
    const signature = native.sign(secretKey, message);
    expect(noble.sign(secretKey, message)).toEqual(signature);
    for (const scheme of [native, noble]) {
      expect(scheme.verify(native.publicKey(secretKey), message, signature)).toBe(true);
      expect(scheme.verify(native.publicKey(secretKey), prng.bytes(70), signature)).toBe(false);
      expect(scheme.verify(new Uint8Array(33), message, signature)).toBe(false);
      expect(() => scheme.sign(new Uint8Array(32), message)).toThrow(RangeError);
    }
  });

  it("knows one of the two signatures that ECDSA allows", () => {
    const signature = native.sign(secretKey, message);
    const s = secp256k1.Point.Fn.ORDER - bytesToBigint(signature.slice(32));
    const twin = Uint8Array.from([...signature.slice(0, 32), ...bigintToBytes(s, 32)]);
    for (const scheme of [native, noble]) expect(scheme.verify(native.publicKey(secretKey), message, twin)).toBe(false);
  });
});

describe("ed25519", () => {
  it("agrees with another implementation", () => {
    const scheme = createEd25519Scheme();
    expect(scheme.publicKey(secretKey)).toEqual(ed25519.getPublicKey(secretKey));
    expect(scheme.sign(secretKey, message)).toEqual(ed25519.sign(message, secretKey));
    expect(() => scheme.sign(new Uint8Array(31), message)).toThrow(RangeError);
  });
});
