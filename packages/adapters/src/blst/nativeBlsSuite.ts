import { createRequire } from "node:module";
import type { PublicKey, SecretKey, Signature } from "@chainsafe/blst";
import type { SignatureSuite } from "@festina/crypto";
import { BLS_SUITE } from "./blsParameters.ts";
import { createKeyReader, provePossession, verifyPossession } from "./blsPoints.ts";

/** The suite by blst. Its domain for signatures is built in and is ours; proofs of possession, which are rare, are not its. */

/** First byte of the point at infinity in compressed form. */
const COMPRESSED_ZERO = 0xc0;

export type NativeBls = typeof import("@chainsafe/blst");

/** @throws when the native library does not load */
export function requireNativeBls(): NativeBls {
  return createRequire(import.meta.url)("@chainsafe/blst") as NativeBls;
}

export function createNativeBlsSuite(native: NativeBls): SignatureSuite {
  const readKnownKey = createKeyReader((bytes) => decodeKey(native, bytes));
  // A committee gives the same arrays each time: found by identity a key costs nothing.
  const keys = new WeakMap<Uint8Array, PublicKey>();
  const readKey = (bytes: Uint8Array): PublicKey | null => {
    const known = keys.get(bytes);
    if (known !== undefined) return known;
    const key = readKnownKey(bytes);
    if (key !== null) keys.set(bytes, key);
    return key;
  };
  /** Points of signatures that were made or joined here: decoding them again would cost a square root each. */
  const points = new WeakMap<Uint8Array, Signature>();
  const write = (point: Signature): Uint8Array => {
    const bytes = copy(point.toBytes(true));
    points.set(bytes, point);
    return bytes;
  };
  const readSignature = (bytes: Uint8Array): Signature | null => points.get(bytes) ?? decodeSignature(native, bytes);

  return {
    ...BLS_SUITE,
    publicKey: (secretKey) => copy(decodeSecretKey(native, secretKey).toPublicKey().toBytes(true)),
    sign: (secretKey, message) => write(decodeSecretKey(native, secretKey).sign(message)),
    verify: (publicKey, message, signature) => {
      const key = readKey(publicKey);
      const point = readSignature(signature);
      return key !== null && point !== null && native.verify(message, key, point, false, false);
    },
    aggregate: (signatures) => {
      const summands: Signature[] = [];
      for (const signature of signatures) {
        const point = points.get(signature) ?? decodePoint(native, signature);
        if (point === null) return null;
        summands.push(point);
      }
      if (summands.length === 0) return null;
      const aggregate = native.aggregateSignatures(summands, false);
      // One check of the sum instead of one of each: only the sum is verified. Signatures that cancel each other out leave
      // nothing that could be.
      return isInSubgroup(aggregate) ? write(aggregate) : null;
    },
    verifyAggregate: (publicKeys, message, aggregate) => {
      const point = readSignature(aggregate);
      if (point === null || publicKeys.length === 0) return false;
      const signers: PublicKey[] = [];
      for (const publicKey of publicKeys) {
        const key = readKey(publicKey);
        if (key === null) return false;
        signers.push(key);
      }
      return native.fastAggregateVerify(message, signers, point, false);
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

/** On the curve and not zero; whether it is in the subgroup is not looked at. */
function decodePoint(native: NativeBls, bytes: Uint8Array): Signature | null {
  if (bytes.length !== BLS_SUITE.signatureBytes || bytes[0] === COMPRESSED_ZERO) return null;
  try {
    return native.Signature.fromBytes(bytes, false, false);
  } catch {
    return null;
  }
}

/** And not zero. */
function isInSubgroup(point: Signature): boolean {
  try {
    point.sigValidate(true);
    return true;
  } catch {
    return false;
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
