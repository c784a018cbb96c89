import { createRequire } from "node:module";
import type { PublicKey, SecretKey, Signature } from "@chainsafe/blst";
import type { SignatureSuite } from "@festina/crypto";
import { BLS_SUITE } from "./blsParameters.ts";
import { createKeyReader, provePossession, verifyPossession } from "./blsPoints.ts";

/** The suite by blst. Its domain for signatures is built in and is ours; proofs of possession, which are rare, are not its. */

export type NativeBls = typeof import("@chainsafe/blst");

/** First byte of the point at infinity in compressed form. */
const COMPRESSED_ZERO = 0xc0;

/** @throws when the native library does not load */
export function requireNativeBls(): NativeBls {
  return createRequire(import.meta.url)("@chainsafe/blst") as NativeBls;
}

export function createNativeBlsSuite(native: NativeBls): SignatureSuite {
  const readKey = createKeyReader((bytes) => decodeKey(native, bytes));

  return {
    ...BLS_SUITE,
    publicKey: (secretKey) => copy(decodeSecretKey(native, secretKey).toPublicKey().toBytes(true)),
    sign: (secretKey, message) => copy(decodeSecretKey(native, secretKey).sign(message).toBytes(true)),
    verify: (publicKey, message, signature) => {
      const key = readKey(publicKey);
      const point = decodeSignature(native, signature);
      return key !== null && point !== null && native.verify(message, key, point, false, false);
    },
    aggregate: (signatures) => {
      const points: Signature[] = [];
      for (const signature of signatures) {
        const point = decodeSignature(native, signature);
        if (point === null) return null;
        points.push(point);
      }
      if (points.length === 0) return null;
      const aggregate = native.aggregateSignatures(points, false).toBytes(true);
      // Signatures that cancel each other out leave nothing that could be verified.
      return aggregate[0] === COMPRESSED_ZERO ? null : copy(aggregate);
    },
    verifyAggregate: (publicKeys, message, aggregate) => {
      const point = decodeSignature(native, aggregate);
      if (point === null || publicKeys.length === 0) return false;
      const keys: PublicKey[] = [];
      for (const publicKey of publicKeys) {
        const key = readKey(publicKey);
        if (key === null) return false;
        keys.push(key);
      }
      return native.fastAggregateVerify(message, keys, point, false);
    },
    provePossession,
    verifyPossession,
  };
}

/** On the curve, in the subgroup, not zero; or `null`. The length is checked because blst also reads uncompressed keys. */
function decodeKey(native: NativeBls, bytes: Uint8Array): PublicKey | null {
  if (bytes.length !== BLS_SUITE.publicKeyBytes) return null;
  try {
    return native.PublicKey.fromBytes(bytes, true);
  } catch {
    return null;
  }
}

function decodeSignature(native: NativeBls, bytes: Uint8Array): Signature | null {
  if (bytes.length !== BLS_SUITE.signatureBytes) return null;
  try {
    return native.Signature.fromBytes(bytes, true, true);
  } catch {
    return null;
  }
}

function decodeSecretKey(native: NativeBls, bytes: Uint8Array): SecretKey {
  try {
    return native.SecretKey.fromBytes(bytes);
  } catch (cause) {
    throw new RangeError("not a BLS secret key", { cause });
  }
}

/** blst answers Buffers, whose `slice` shares memory; ours are plain. */
function copy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
