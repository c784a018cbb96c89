import { addressOfPublicKey, addressOfSecretKey, createAccountSigner, SECP256K1_ORDER } from "@festina/crypto";
import { bigintToBytes, concatBytes, createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { createSecp256k1 } from "../../src/secp256k1/secp256k1.ts";

const native = createSecp256k1();
const fallback = createSecp256k1(() => {
  throw new Error("no native library");
});
const prng = createPrng(7);
const compactOf = (signature: { r: bigint; s: bigint }): Uint8Array =>
  concatBytes(bigintToBytes(signature.r, 32), bigintToBytes(signature.s, 32));
const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString("hex"));

describe("secp256k1", () => {
  it("loads the native library here, and JavaScript where there is none", () => {
    expect(native.isNative).toBe(true);
    expect(fallback.isNative).toBe(false);
  });

  it("finds the signer, and both implementations sign and recover alike", () => {
    for (let round = 0; round < 30; round++) {
      const secretKey = prng.bytes(32);
      const hash = prng.bytes(32);
      const signature = native.signRecoverable(hash, secretKey);
      expect(fallback.signRecoverable(hash, secretKey)).toEqual(signature);
      for (const implementation of [native, fallback]) {
        const publicKey = implementation.recoverPublicKey(hash, compactOf(signature), signature.yParity);
        expect(publicKey).toHaveLength(64);
        expect(addressOfPublicKey(publicKey as Uint8Array)).toBe(addressOfSecretKey(secretKey));
        const other = implementation.recoverPublicKey(hash, compactOf(signature), 1 - signature.yParity);
        expect(hex(other)).not.toBe(hex(publicKey));
      }
    }
  });

  it("makes account signers that agree with the JavaScript of the crypto package", () => {
    const secretKey = prng.bytes(32);
    const hash = prng.bytes(32);
    const expected = createAccountSigner(secretKey);
    for (const implementation of [native, fallback]) {
      const signer = implementation.createAccountSigner(secretKey);
      expect(signer.address).toBe(expected.address);
      expect(signer.sign(hash)).toEqual(expected.sign(hash));
      expect(() => implementation.createAccountSigner(new Uint8Array(32))).toThrow();
    }
  });

  it("agrees on garbage, r and s at the edges, wrong lengths and wrong parities", () => {
    const edges = [0n, 1n, 2n, SECP256K1_ORDER / 2n, SECP256K1_ORDER / 2n + 1n, SECP256K1_ORDER - 1n];
    const beyond = [SECP256K1_ORDER, SECP256K1_ORDER + 1n, 2n ** 256n - 1n];
    const scalars = [...edges, ...beyond];
    const hashes = [new Uint8Array(32), new Uint8Array(32).fill(0xff), prng.bytes(32)];
    let found = 0;
    for (const r of scalars) {
      for (const s of scalars) {
        for (const [index, hash] of hashes.entries()) {
          const parity = index % 2;
          const expected = hex(fallback.recoverPublicKey(hash, compactOf({ r, s }), parity));
          expect([r, s, hex(native.recoverPublicKey(hash, compactOf({ r, s }), parity))]).toEqual([r, s, expected]);
          if (expected !== null) found += 1;
          if (r === 0n || s === 0n || r >= SECP256K1_ORDER || s >= SECP256K1_ORDER) expect(expected).toBeNull();
        }
      }
    }
    expect(found).toBeGreaterThan(0);
    for (let round = 0; round < 60; round++) {
      const hash = prng.bytes(32);
      const compact = prng.bytes(64);
      expect(hex(native.recoverPublicKey(hash, compact, round & 1))).toBe(
        hex(fallback.recoverPublicKey(hash, compact, round & 1)),
      );
    }
    const signature = native.signRecoverable(prng.bytes(32), prng.bytes(32));
    for (const implementation of [native, fallback]) {
      for (const parity of [2, 3, 4, -1, 0.5, Number.NaN, 27]) {
        expect(implementation.recoverPublicKey(prng.bytes(32), compactOf(signature), parity)).toBeNull();
      }
      for (const length of [0, 31, 33]) {
        expect(implementation.recoverPublicKey(prng.bytes(length), compactOf(signature), 0)).toBeNull();
      }
      for (const length of [0, 63, 65]) {
        expect(implementation.recoverPublicKey(prng.bytes(32), prng.bytes(length), 0)).toBeNull();
      }
    }
  });

  it("refuses secret keys that are no scalars", () => {
    for (const implementation of [native, fallback]) {
      for (const secretKey of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31).fill(1)]) {
        expect(() => implementation.signRecoverable(new Uint8Array(32), secretKey)).toThrow();
      }
    }
  });
});
