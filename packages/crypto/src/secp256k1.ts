import { type Address, bytesToBigint, toAddress } from "@festina/primitives";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak256 } from "./hash.ts";

/** Order of the group; signatures with s above half of it are refused (EIP-2). */
export const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
  readonly yParity: 0 | 1;
}

/**
 * Finds the signer's public key: 64 bytes (x, y), or `null` when there is none. `compact` is r and s, 32 bytes each.
 * A port, because the native library is some 28 times faster than this package's own implementation.
 */
export type RecoverPublicKey = (hash: Uint8Array, compact: Uint8Array, yParity: number) => Uint8Array | null;

export const recoverPublicKey: RecoverPublicKey = (hash, compact, yParity) => {
  try {
    const signature = secp256k1.Signature.fromBytes(compact).addRecoveryBit(yParity);
    return signature.recoverPublicKey(hash).toBytes(false).slice(1);
  } catch {
    return null;
  }
};

/** Signs a 32-byte hash deterministically (RFC 6979) with low s. */
export function signHash(hash: Uint8Array, secretKey: Uint8Array): EcdsaSignature {
  const bytes = secp256k1.sign(hash, secretKey, { prehash: false, format: "recovered", lowS: true });
  return {
    yParity: (bytes[0] as number) === 1 ? 1 : 0,
    r: bytesToBigint(bytes.subarray(1, 33)),
    s: bytesToBigint(bytes.subarray(33, 65)),
  };
}

/** The 64-byte public key (x, y) of a secret key. @throws when the key is not a valid scalar */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(secretKey, false).subarray(1);
}

/** The last 20 bytes of the hash of the 64-byte public key. */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  return toAddress(keccak256(publicKey).slice(12));
}

export function addressOfSecretKey(secretKey: Uint8Array): Address {
  return addressOfPublicKey(publicKeyOf(secretKey));
}

/** An account that signs. A port, because the first signature in JavaScript takes long enough to lose a view. */
export interface AccountSigner {
  readonly address: Address;
  /** Signs a 32-byte hash deterministically (RFC 6979) with low s. */
  sign(hash: Uint8Array): EcdsaSignature;
}

export function createAccountSigner(secretKey: Uint8Array): AccountSigner {
  return { address: addressOfSecretKey(secretKey), sign: (hash) => signHash(hash, secretKey) };
}
