import { createRequire } from "node:module";
import { keccak256 } from "@festina/crypto";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import type { VoteScheme } from "./voteScheme.ts";

type NativeLibrary = Pick<
  typeof import("secp256k1"),
  "ecdsaSign" | "ecdsaVerify" | "publicKeyCreate" | "publicKeyVerify" | "privateKeyVerify"
>;

const PARAMETERS = { id: 2, name: "secp256k1", publicKeyBytes: 33, signatureBytes: 64 } as const;
const SECRET_BYTES = 32;

const newBytes = (length: number): Uint8Array => new Uint8Array(length);

function requireNative(): NativeLibrary {
  // Past the package's own entry, which silently falls back to a library slower than ours.
  return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeLibrary;
}

/**
 * ECDSA on secp256k1 over keccak-256, compressed keys, compact signatures with low s, by libsecp256k1 where it loads and
 * in JavaScript otherwise, with the same answers.
 */
export function createSecp256k1Scheme(loadNative: () => NativeLibrary = requireNative): VoteScheme {
  try {
    return nativeScheme(loadNative());
  } catch {
    return nobleScheme();
  }
}

function refuse(): never {
  throw new RangeError("not a secp256k1 secret key");
}

function nativeScheme(native: NativeLibrary): VoteScheme {
  const checked = (secretKey: Uint8Array): Uint8Array =>
    secretKey.length === SECRET_BYTES && native.privateKeyVerify(secretKey) ? secretKey : refuse();
  return {
    ...PARAMETERS,
    isPublicKey: (bytes) => bytes.length === PARAMETERS.publicKeyBytes && native.publicKeyVerify(bytes),
    publicKey: (secretKey) => native.publicKeyCreate(checked(secretKey), true, newBytes),
    sign: (secretKey, message) => native.ecdsaSign(keccak256(message), checked(secretKey), {}, newBytes).signature,
    verify: (publicKey, message, signature) => {
      if (publicKey.length !== PARAMETERS.publicKeyBytes || signature.length !== PARAMETERS.signatureBytes)
        return false;
      try {
        return native.ecdsaVerify(signature, keccak256(message), publicKey);
      } catch {
        return false;
      }
    },
  };
}

function nobleScheme(): VoteScheme {
  const checked = (secretKey: Uint8Array): Uint8Array =>
    secretKey.length === SECRET_BYTES && noble.utils.isValidSecretKey(secretKey) ? secretKey : refuse();
  return {
    ...PARAMETERS,
    isPublicKey: (bytes) => bytes.length === PARAMETERS.publicKeyBytes && noble.utils.isValidPublicKey(bytes, true),
    publicKey: (secretKey) => noble.getPublicKey(checked(secretKey), true),
    sign: (secretKey, message) => noble.sign(keccak256(message), checked(secretKey), { prehash: false }),
    verify: (publicKey, message, signature) => {
      if (publicKey.length !== PARAMETERS.publicKeyBytes || signature.length !== PARAMETERS.signatureBytes)
        return false;
      try {
        return noble.verify(signature, keccak256(message), publicKey, { prehash: false });
      } catch {
        return false;
      }
    },
  };
}
