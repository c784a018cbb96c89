import type { SignatureSuite } from "@festina/crypto";
import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";

const prng = createPrng(23);

/** What consensus relies on, whoever signs. Every suite runs it. */
export function describeSuite(name: string, suite: SignatureSuite): void {
  const secretKeys = Array.from({ length: 4 }, () => prng.bytes(32).fill(1, 0, 1));
  const publicKeys = secretKeys.map((key) => suite.publicKey(key));
  const message = prng.bytes(50);
  const signatures = secretKeys.map((key) => suite.sign(key, message));
  const aggregate = suite.aggregate(signatures) as Uint8Array;
  const { sign, verify } = suite.beacon ?? suite;

  describe(`${name}: a signature suite`, () => {
    it("has keys and signatures of its lengths, and the registered key first", () => {
      for (const key of publicKeys) expect(key.length).toBe(suite.publicKeyBytes);
      for (const signature of signatures) expect(signature.length).toBe(suite.signatureBytes);
      expect(new Set(publicKeys.map(String)).size).toBe(4);
      expect(suite.publicKeyBytes).toBeGreaterThanOrEqual(48);
    });

    it("verifies what was signed and nothing else", () => {
      const [key, other] = publicKeys as [Uint8Array, Uint8Array];
      const [signature, otherSignature] = signatures as [Uint8Array, Uint8Array];
      for (let round = 0; round < 2; round++) expect(suite.verify(key, message, signature)).toBe(true);
      expect(suite.verify(other, message, signature)).toBe(false);
      expect(suite.verify(key, message.slice(1), signature)).toBe(false);
      expect(suite.verify(key, message, otherSignature)).toBe(false);
    });

    it("joins signatures in the order of their signers", () => {
      expect(suite.verifyAggregate(publicKeys, message, aggregate)).toBe(true);
      expect(suite.verifyAggregate(publicKeys.slice(1), message, aggregate)).toBe(false);
      expect(suite.verifyAggregate([...publicKeys, ...publicKeys.slice(0, 1)], message, aggregate)).toBe(false);
      expect(suite.verifyAggregate(publicKeys, prng.bytes(50), aggregate)).toBe(false);
      expect(suite.verifyAggregate([], message, aggregate)).toBe(false);
      expect(suite.verifyAggregate([], message, new Uint8Array(0))).toBe(false);
      expect(suite.aggregate([])).toBeNull();
      const one = suite.aggregate(signatures.slice(0, 1)) as Uint8Array;
      expect(suite.verifyAggregate(publicKeys.slice(0, 1), message, one)).toBe(true);
    });

    it("finds one bad signature among good ones", () => {
      for (let bad = 0; bad < 4; bad++) {
        const mixed = signatures.map((signature, index) =>
          index === bad ? (signatures[(bad + 1) % 4] as Uint8Array) : signature,
        );
        expect(suite.verifyAggregate(publicKeys, message, suite.aggregate(mixed) as Uint8Array)).toBe(false);
      }
    });

    it("refuses garbage without throwing", () => {
      const [key] = publicKeys as [Uint8Array];
      const [signature] = signatures as [Uint8Array];
      const proof = suite.provePossession(secretKeys[0] as Uint8Array);
      for (const length of [0, 1, 31, 32, 33, 48, 64, 65, 80, 81, 96, 97, 160, 256]) {
        for (const fill of [0, 0x7f, 0xc0]) {
          const bytes = new Uint8Array(length).fill(fill);
          expect(suite.verify(bytes, message, signature)).toBe(false);
          expect(suite.verify(key, message, bytes)).toBe(false);
          expect(suite.verifyAggregate(publicKeys, message, bytes)).toBe(false);
          expect(verify(bytes, message, signature)).toBe(false);
          expect(verify(key, message, bytes)).toBe(false);
          expect(suite.verifyPossession(key, bytes)).toBe(false);
          expect(suite.verifyPossession(bytes, proof)).toBe(false);
        }
      }
      expect(suite.aggregate([signature, signature.slice(1)])).toBeNull();
    });

    it("knows its voting keys", () => {
      const length = suite.publicKeyBytes - 48;
      expect(suite.isVotingKey === undefined).toBe(length === 0);
      if (suite.isVotingKey === undefined) return;
      for (const key of publicKeys) expect(suite.isVotingKey(key.subarray(48))).toBe(true);
      for (const other of [0, 1, length - 1, length + 1, 48, 65, 500])
        expect(suite.isVotingKey(new Uint8Array(other).fill(2))).toBe(false);
    });

    it("throws a RangeError for what is no secret key", () => {
      for (const secretKey of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31).fill(1)])
        expect(() => suite.publicKey(secretKey)).toThrow(RangeError);
      expect(() => suite.sign(new Uint8Array(31).fill(1), message)).toThrow(RangeError);
    });

    it("signs the beacon in one way only, by the registered key", () => {
      const [secret] = secretKeys as [Uint8Array];
      const reveal = sign(secret, message);
      expect(sign(secret, message)).toEqual(reveal);
      expect(reveal.length).toBe(96);
      expect(verify(publicKeys[0] as Uint8Array, message, reveal)).toBe(true);
      expect(verify(publicKeys[1] as Uint8Array, message, reveal)).toBe(false);
    });

    it("proves possession, under a domain of its own", () => {
      const [secret] = secretKeys as [Uint8Array];
      const [key, other] = publicKeys as [Uint8Array, Uint8Array];
      const proof = suite.provePossession(secret);
      expect(suite.verifyPossession(key, proof)).toBe(true);
      expect(suite.verifyPossession(other, proof)).toBe(false);
      expect(suite.verifyPossession(key, suite.sign(secret, key))).toBe(false);
      for (const at of [0, proof.length - 1]) {
        const changed = proof.slice();
        changed[at] = (changed[at] as number) ^ 1;
        expect(suite.verifyPossession(key, changed)).toBe(false);
      }
    });
  });
}
