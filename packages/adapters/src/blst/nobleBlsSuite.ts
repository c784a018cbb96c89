import type { SignatureSuite } from "@festina/crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { BLS_SIGNATURE_DOMAIN, BLS_SUITE } from "./blsParameters.ts";
import {
  type BlsSignaturePoint,
  blsPublicKey,
  blsSign,
  blsVerify,
  createKeyReader,
  provePossession,
  readKeyPoint,
  readSignaturePoint,
  verifyPossession,
} from "./blsPoints.ts";

/** The suite in JavaScript: the fallback, and the oracle of the native one's tests. */
export function createNobleBlsSuite(): SignatureSuite {
  const readKey = createKeyReader(readKeyPoint);

  return {
    ...BLS_SUITE,
    publicKey: blsPublicKey,
    sign: (secretKey, message) => {
      blsPublicKey(secretKey);
      return blsSign(secretKey, message, BLS_SIGNATURE_DOMAIN);
    },
    verify: (publicKey, message, signature) => {
      const key = readKey(publicKey);
      const point = readSignaturePoint(signature);
      return key !== null && point !== null && blsVerify(key, message, point, BLS_SIGNATURE_DOMAIN);
    },
    aggregate: (signatures) => {
      let sum: BlsSignaturePoint | null = null;
      for (const signature of signatures) {
        const point = readSignaturePoint(signature);
        if (point === null) return null;
        sum = sum === null ? point : sum.add(point);
      }
      // Signatures that cancel each other out leave nothing that could be verified.
      return sum === null || sum.is0() ? null : sum.toBytes(true);
    },
    verifyAggregate: (publicKeys, message, aggregate) => {
      const point = readSignaturePoint(aggregate);
      if (point === null || publicKeys.length === 0) return false;
      let sum = bls12_381.G1.Point.ZERO;
      for (const publicKey of publicKeys) {
        const key = readKey(publicKey);
        if (key === null) return false;
        sum = sum.add(key);
      }
      return !sum.is0() && blsVerify(sum, message, point, BLS_SIGNATURE_DOMAIN);
    },
    provePossession,
    verifyPossession,
  };
}
