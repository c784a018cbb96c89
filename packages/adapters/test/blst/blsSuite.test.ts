import type { SignatureSuite } from "@festina/crypto";
import { bigintToBytes, createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { createBlsSuite } from "../../src/blst/blsSuite.ts";
import { createNativeBlsSuite, requireNativeBls } from "../../src/blst/nativeBlsSuite.ts";
import { createNobleBlsSuite } from "../../src/blst/nobleBlsSuite.ts";

const native = createNativeBlsSuite(requireNativeBls());
const noble = createNobleBlsSuite();
const prng = createPrng(11);
const secretKeys = Array.from({ length: 4 }, () => {
  const key = prng.bytes(32);
  key[0] = 0x01;
  return key;
});
const publicKeys = secretKeys.map((key) => native.publicKey(key));
const message = prng.bytes(50);
const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString("hex"));

/** A point on the curve but outside the subgroup, compressed: x from 1 on, until one works. */
function outsideSubgroup(lengthBytes: 48 | 96): Uint8Array {
  const Point = lengthBytes === 48 ? bls12_381.G1.Point : bls12_381.G2.Point;
  for (let x = 1n; ; x++) {
    const bytes = bigintToBytes(x, lengthBytes);
    bytes[0] = 0x80;
    try {
      const point = Point.fromBytes(bytes);
      if (!point.isTorsionFree()) return bytes;
    } catch {
      // not on the curve, or refused at once: told apart by decompressing by hand below
      if (isOnCurve(bytes, lengthBytes)) return bytes;
    }
  }
}

function isOnCurve(bytes: Uint8Array, lengthBytes: 48 | 96): boolean {
  if (lengthBytes === 96) {
    const { Fp2 } = bls12_381.fields;
    const x = Fp2.fromBytes(
      Uint8Array.from([...bytes.slice(48), ...bytes.slice(0, 48)].map((b, i) => (i === 48 ? 0 : b))),
    );
    try {
      Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n])));
      return true;
    } catch {
      return false;
    }
  }
  const { Fp } = bls12_381.fields;
  const x = Fp.fromBytes(Uint8Array.from(bytes, (b, i) => (i === 0 ? 0 : b)));
  try {
    Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), 4n));
    return true;
  } catch {
    return false;
  }
}

const infinity = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xc0 : 0));

describe("bls suite", () => {
  it("is native here and falls back to JavaScript, when it is used", () => {
    const calls: string[] = [];
    const suite = createBlsSuite(() => {
      calls.push("load");
      throw new Error("no native library");
    });
    for (const each of [suite, createBlsSuite(), native, noble]) {
      expect([each.id, each.name, each.publicKeyBytes, each.signatureBytes]).toEqual([1, "bls", 48, 96]);
    }
    expect(calls).toEqual([]);
    for (let use = 0; use < 2; use++) expect(hex(suite.publicKey(secretKeys[0]!))).toBe(hex(publicKeys[0]!));
    expect(calls).toEqual(["load"]);
  });

  it("signs alike in both implementations, under the domain for votes", () => {
    const expected = bls12_381.longSignatures
      .sign(bls12_381.longSignatures.hash(message, "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"), secretKeys[0]!)
      .toBytes(true);
    expect(hex(native.sign(secretKeys[0]!, message))).toBe(hex(expected));
    expect(hex(noble.sign(secretKeys[0]!, message))).toBe(hex(expected));
    expect(hex(noble.publicKey(secretKeys[0]!))).toBe(hex(publicKeys[0]!));
  });

  const signatures = secretKeys.map((key) => native.sign(key, message));
  const aggregate = native.aggregate(signatures) as Uint8Array;

  for (const [name, suite] of [
    ["native", native],
    ["noble", noble],
  ] as readonly (readonly [string, SignatureSuite])[]) {
    it(`${name}: verifies what was signed and nothing else`, () => {
      expect(suite.verify(publicKeys[0]!, message, signatures[0]!)).toBe(true);
      // A second time, with the key from the cache.
      expect(suite.verify(publicKeys[0]!, message, signatures[0]!)).toBe(true);
      expect(suite.verify(publicKeys[1]!, message, signatures[0]!)).toBe(false);
      expect(suite.verify(publicKeys[0]!, message.slice(1), signatures[0]!)).toBe(false);
      expect(suite.verify(publicKeys[0]!, message, signatures[1]!)).toBe(false);
    });

    it(`${name}: joins signatures and verifies them together`, () => {
      expect(hex(suite.aggregate(signatures))).toBe(hex(aggregate));
      expect(suite.verifyAggregate(publicKeys, message, aggregate)).toBe(true);
      expect(suite.verifyAggregate(publicKeys.slice(1), message, aggregate)).toBe(false);
      expect(suite.verifyAggregate([...publicKeys, publicKeys[0]!], message, aggregate)).toBe(false);
      expect(suite.verifyAggregate([], message, aggregate)).toBe(false);
      expect(suite.verifyAggregate(publicKeys, prng.bytes(50), aggregate)).toBe(false);
      expect(suite.aggregate([])).toBeNull();
    });

    it(`${name}: refuses keys and signatures that are no points, of wrong length, zero or outside the subgroup`, () => {
      const badKeys = [
        new Uint8Array(0),
        new Uint8Array(48),
        new Uint8Array(48).fill(0xff),
        publicKeys[0]!.slice(1),
        bls12_381.G1.Point.fromBytes(publicKeys[0]!).toBytes(false),
        infinity(48),
        outsideSubgroup(48),
      ];
      for (const key of badKeys) {
        expect(suite.verify(key, message, signatures[0]!)).toBe(false);
        expect(suite.verifyAggregate([publicKeys[0]!, key], message, aggregate)).toBe(false);
        expect(suite.verifyPossession(key, signatures[0]!)).toBe(false);
      }
      const badSignatures = [
        new Uint8Array(0),
        new Uint8Array(96),
        new Uint8Array(96).fill(0xff),
        signatures[0]!.slice(1),
        infinity(96),
        outsideSubgroup(96),
      ];
      for (const signature of badSignatures) {
        expect(suite.verify(publicKeys[0]!, message, signature)).toBe(false);
        expect(suite.aggregate([signatures[0]!, signature])).toBeNull();
        expect(suite.verifyAggregate(publicKeys, message, signature)).toBe(false);
        expect(suite.verifyPossession(publicKeys[0]!, signature)).toBe(false);
      }
    });

    it(`${name}: does not accept keys that cancel each other out`, () => {
      const opposite = bls12_381.G1.Point.fromBytes(publicKeys[0]!).negate().toBytes(true);
      expect(suite.verifyAggregate([publicKeys[0]!, opposite], message, infinity(96))).toBe(false);
      expect(suite.verifyAggregate([publicKeys[0]!, opposite], message, signatures[0]!)).toBe(false);
      const negated = bls12_381.G2.Point.fromBytes(signatures[0]!).negate().toBytes(true);
      expect(suite.aggregate([signatures[0]!, negated])).toBeNull();
    });

    it(`${name}: throws a RangeError for what is no secret key`, () => {
      for (const secretKey of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31).fill(1)]) {
        expect(() => suite.publicKey(secretKey)).toThrow(RangeError);
        expect(() => suite.sign(secretKey, message)).toThrow(RangeError);
        expect(() => suite.provePossession(secretKey)).toThrow(RangeError);
      }
    });
  }

  it("proves possession under a domain of its own", () => {
    const proof = native.provePossession(secretKeys[0]!);
    expect(noble.verifyPossession(publicKeys[0]!, proof)).toBe(true);
    expect(native.verifyPossession(publicKeys[1]!, proof)).toBe(false);
    // An ordinary signature over the key's bytes is no proof, and the proof is no vote.
    expect(native.verifyPossession(publicKeys[0]!, native.sign(secretKeys[0]!, publicKeys[0]!))).toBe(false);
    expect(native.verify(publicKeys[0]!, publicKeys[0]!, proof)).toBe(false);
  });
});
