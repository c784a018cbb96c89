import { SIGNATURE_SUITES } from "@festina/chainspec";
import { signingMessage } from "@festina/crypto";
import { bigintToBytes, bytesToBigint, createPrng, toHash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { createSignatureSuite } from "../../src/suites/createSignatureSuite.ts";
import { createEd25519Scheme } from "../../src/suites/ed25519Scheme.ts";
import { createSecp256k1Scheme } from "../../src/suites/secp256k1Scheme.ts";
import { describeSuite } from "./suiteCompliance.ts";

for (const name of SIGNATURE_SUITES) describeSuite(name, createSignatureSuite(name));

const prng = createPrng(5);
const secretKey = prng.bytes(32).fill(1, 0, 1);
const message = prng.bytes(70);

describe("suites", () => {
  it("have ids and names of their own", () => {
    const suites = SIGNATURE_SUITES.map((name) => createSignatureSuite(name));
    expect(suites.map(({ id, name }) => [id, name])).toEqual([
      [1, "bls"],
      [2, "secp256k1"],
      [3, "ed25519"],
      [5, "bls-secp256k1"],
    ]);
    expect(suites.map(({ publicKeyBytes }) => publicKeyBytes)).toEqual([48, 81, 80, 81]);
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
      expect(scheme.isPublicKey(native.publicKey(secretKey))).toBe(true);
      expect(() => scheme.sign(new Uint8Array(32), message)).toThrow(RangeError);
    }
  });

  it("tells points from garbage in the same way natively and in JavaScript", () => {
    const key = native.publicKey(secretKey);
    const point = (first: number, x: Uint8Array) => Uint8Array.of(first, ...x);
    const x = key.subarray(1);
    const samples = [
      ...[0, 1, 4, 5, 6, 7, 0xff].map((first) => point(first, x)),
      ...[0, 32, 34, 65].map((length) => new Uint8Array(length).fill(2)),
      point(2, bigintToBytes(secp256k1.Point.Fp.ORDER, 32)),
      point(2, bigintToBytes(secp256k1.Point.Fp.ORDER + 1n, 32)),
      point(3, new Uint8Array(32)),
      secp256k1.getPublicKey(secretKey, false),
    ];
    for (const sample of samples)
      expect([native, noble].map((each) => each.isPublicKey(sample))).toEqual([false, false]);
    const drawn = Array.from({ length: 200 }, () => point(2 + prng.below(2), prng.bytes(32)));
    const told = drawn.map((sample) => native.isPublicKey(sample));
    expect(drawn.map((sample) => noble.isPublicKey(sample))).toEqual(told);
    // Half of all x are on the curve.
    expect(told.filter(Boolean).length).toBeGreaterThan(60);
    expect(told.filter(Boolean).length).toBeLessThan(140);
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

describe("bls-secp256k1", () => {
  const [suite, bls, quick] = [
    createSignatureSuite("bls-secp256k1"),
    createSignatureSuite("bls"),
    createSignatureSuite("secp256k1"),
  ];
  const secretKeys = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
  const publicKeys = secretKeys.map((key) => suite.publicKey(key));
  const context = { chainId: 19330n, genesisHash: toHash32(new Uint8Array(32).fill(0x11)), epoch: 3 };
  const blockHash = toHash32(new Uint8Array(32).fill(0x22));
  const messageOf = (kind: "prePrepare" | "prepare" | "commit") => signingMessage(context, kind, 7, blockHash);
  const signaturesOf = (bytes: Uint8Array) => secretKeys.map((key) => suite.sign(key, bytes));

  it("signs PREPARE with the voting key and COMMIT with the registered one", () => {
    expect(publicKeys[0]).toEqual(quick.publicKey(secretKeys[0] as Uint8Array));
    for (const [kind, by, lengths] of [
      ["prepare", quick, [64, 64, 64]],
      ["prePrepare", quick, [64, 64, 64]],
      ["commit", bls, [96, 96, 96]],
    ] as const) {
      const signatures = signaturesOf(messageOf(kind));
      expect(signatures.map(({ length }) => length)).toEqual(lengths);
      expect(signatures).toEqual(secretKeys.map((key) => by.sign(key, messageOf(kind))));
    }
  });

  it("joins PREPAREs into a list and COMMITs into one signature", () => {
    for (const [kind, length] of [
      ["prepare", 192],
      ["commit", 96],
    ] as const) {
      const joined = suite.aggregate(signaturesOf(messageOf(kind))) as Uint8Array;
      expect(joined.length).toBe(length);
      expect(suite.verifyAggregate(publicKeys, messageOf(kind), joined)).toBe(true);
      expect(suite.verifyAggregate(publicKeys.toReversed(), messageOf(kind), joined)).toBe(kind === "commit");
      expect(suite.verifyAggregate(publicKeys.slice(1), messageOf(kind), joined)).toBe(false);
    }
  });

  it("takes neither key's signature for the other's", () => {
    const [secret, key] = [secretKeys[0] as Uint8Array, publicKeys[0] as Uint8Array];
    for (const [kind, wrong] of [
      ["prepare", bls],
      ["commit", quick],
    ] as const) {
      const signed = messageOf(kind);
      expect(suite.verify(key, signed, wrong.sign(secret, signed))).toBe(false);
      expect(suite.verifyAggregate([key], signed, wrong.sign(secret, signed))).toBe(false);
    }
    const [prepare, commit] = [suite.sign(secret, messageOf("prepare")), suite.sign(secret, messageOf("commit"))];
    expect(suite.aggregate([prepare, commit])).toBeNull();
    expect(suite.aggregate([commit, prepare])).toBeNull();
    expect(suite.verify(key, messageOf("commit"), prepare)).toBe(false);
    expect(suite.verify(key, messageOf("prepare"), commit)).toBe(false);
    expect(suite.verify(bls.publicKey(secret), messageOf("commit"), commit)).toBe(false);
  });
});
