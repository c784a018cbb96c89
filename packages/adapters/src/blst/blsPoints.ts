import { bytesToBigint, bytesToHex, LruMap } from "@festina/primitives";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { BLS_KEY_CACHE_MAX, BLS_POSSESSION_DOMAIN, BLS_SUITE } from "./blsParameters.ts";

/** BLS in JavaScript: points from foreign bytes, and what blst has no call for, the proof of possession. */

const scheme = bls12_381.longSignatures;
const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;

export type BlsKeyPoint = InstanceType<typeof G1>;
export type BlsSignaturePoint = InstanceType<typeof G2>;

/** A public key on the curve, in the subgroup, not zero; or `null`. */
export function readKeyPoint(bytes: Uint8Array): BlsKeyPoint | null {
  if (bytes.length !== BLS_SUITE.publicKeyBytes) return null;
  return checked(() => G1.fromBytes(bytes));
}

/** A signature on the curve, in the subgroup, not zero; or `null`. */
export function readSignaturePoint(bytes: Uint8Array): BlsSignaturePoint | null {
  if (bytes.length !== BLS_SUITE.signatureBytes) return null;
  return checked(() => G2.fromBytes(bytes));
}

/** Keys seen before are not decompressed again; broken ones are not remembered, they cost their sender more than us. */
export function createKeyReader<Key>(read: (bytes: Uint8Array) => Key | null): (bytes: Uint8Array) => Key | null {
  const known = new LruMap<string, Key & {}>(BLS_KEY_CACHE_MAX);
  return (bytes) => {
    const name = bytesToHex(bytes);
    const found = known.get(name);
    if (found !== undefined) return found;
    const key = read(bytes);
    if (key === null || key === undefined) return null;
    known.set(name, key);
    return key;
  };
}

export function blsSign(secretKey: Uint8Array, message: Uint8Array, domain: string): Uint8Array {
  return scheme.sign(scheme.hash(message, domain), secretKey).toBytes(true);
}

export function blsVerify(
  key: BlsKeyPoint,
  message: Uint8Array,
  signature: BlsSignaturePoint,
  domain: string,
): boolean {
  return scheme.verify(signature, scheme.hash(message, domain), key);
}

/** @throws RangeError when the secret key is not a scalar in [1, order) */
export function blsPublicKey(secretKey: Uint8Array): Uint8Array {
  // The library would reduce a larger number; two keys that differ must not be one.
  const scalar = bytesToBigint(secretKey);
  if (secretKey.length !== 32 || scalar === 0n || scalar >= G1.Fn.ORDER) throw new RangeError("not a BLS secret key");
  return scheme.getPublicKey(secretKey).toBytes(true);
}

/** A signature over one's own public key under a domain of its own, so that no vote passes for it. */
export function provePossession(secretKey: Uint8Array): Uint8Array {
  return blsSign(secretKey, blsPublicKey(secretKey), BLS_POSSESSION_DOMAIN);
}

export function verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean {
  const key = readKeyPoint(publicKey);
  const signature = readSignaturePoint(proof);
  return key !== null && signature !== null && blsVerify(key, publicKey, signature, BLS_POSSESSION_DOMAIN);
}

function checked<Point extends { is0(): boolean; assertValidity(): void; isTorsionFree(): boolean }>(
  decode: () => Point,
): Point | null {
  try {
    const point = decode();
    point.assertValidity();
    return point.is0() || !point.isTorsionFree() ? null : point;
  } catch {
    return null;
  }
}
