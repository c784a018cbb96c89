import { createRequire } from "node:module";
import {
  type AccountSigner,
  addressOfPublicKey,
  type EcdsaSignature,
  publicKeyOf as publicKeyInJavaScript,
  type RecoverPublicKey,
  recoverPublicKey as recoverInJavaScript,
  signHash as signInJavaScript,
} from "@festina/crypto";
import { bytesToBigint } from "@festina/primitives";

/**
 * Signature recovery, the most expensive step of taking a transaction in, by the native library (libsecp256k1). Where
 * it does not load, JavaScript does the same, slower.
 */
export interface Secp256k1 {
  readonly isNative: boolean;
  readonly recoverPublicKey: RecoverPublicKey;
  /** Signs a 32-byte hash deterministically (RFC 6979) with low s. @throws when the key is not a valid scalar */
  signRecoverable(hash: Uint8Array, secretKey: Uint8Array): EcdsaSignature;
  /** @throws when the key is not a valid scalar */
  createAccountSigner(secretKey: Uint8Array): AccountSigner;
}

type NativeLibrary = Pick<typeof import("secp256k1"), "ecdsaRecover" | "ecdsaSign" | "publicKeyCreate">;

const HASH_BYTES = 32;
const COMPACT_BYTES = 64;

/** `loadNative` throws where the library is not to be had. It is called when the first signature is made or checked. */
export function createSecp256k1(loadNative: () => NativeLibrary = requireNative): Secp256k1 {
  let chosen: Implementation | null = null;
  const use = (): Implementation => {
    chosen ??= chooseImplementation(loadNative);
    return chosen;
  };
  const sign = (hash: Uint8Array, secretKey: Uint8Array): EcdsaSignature => use().sign(hash, secretKey);
  return {
    get isNative() {
      return use().isNative;
    },
    // Checked here once, so that what counts as a signature does not depend on which library is there.
    recoverPublicKey: (hash, compact, yParity) => {
      if (hash.length !== HASH_BYTES || compact.length !== COMPACT_BYTES) return null;
      if (yParity !== 0 && yParity !== 1) return null;
      return use().recover(hash, compact, yParity);
    },
    signRecoverable: sign,
    createAccountSigner: (secretKey) => ({
      address: addressOfPublicKey(use().publicKeyOf(secretKey)),
      sign: (hash) => sign(hash, secretKey),
    }),
  };
}

interface Implementation {
  readonly isNative: boolean;
  readonly recover: RecoverPublicKey;
  readonly sign: Secp256k1["signRecoverable"];
  readonly publicKeyOf: typeof publicKeyInJavaScript;
}

function chooseImplementation(loadNative: () => NativeLibrary): Implementation {
  const native = tryLoad(loadNative);
  return native === null
    ? { isNative: false, recover: recoverInJavaScript, sign: signInJavaScript, publicKeyOf: publicKeyInJavaScript }
    : {
        isNative: true,
        recover: recoverNative(native),
        sign: signNative(native),
        publicKeyOf: publicKeyNative(native),
      };
}

function recoverNative(native: NativeLibrary): RecoverPublicKey {
  return (hash, compact, yParity) => {
    try {
      const point = native.ecdsaRecover(compact, yParity, hash, false, (length) => new Uint8Array(length));
      return point.subarray(1);
    } catch {
      return null;
    }
  };
}

function signNative(native: NativeLibrary): Secp256k1["signRecoverable"] {
  return (hash, secretKey) => {
    const { signature, recid } = native.ecdsaSign(hash, secretKey);
    return {
      r: bytesToBigint(signature.subarray(0, 32)),
      s: bytesToBigint(signature.subarray(32)),
      yParity: (recid & 1) === 1 ? 1 : 0,
    };
  };
}

function publicKeyNative(native: NativeLibrary): typeof publicKeyInJavaScript {
  return (secretKey) => native.publicKeyCreate(secretKey, false, (length) => new Uint8Array(length)).subarray(1);
}

function requireNative(): NativeLibrary {
  // Past the package's own entry, which silently falls back to a library slower than ours.
  return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeLibrary;
}

function tryLoad(loadNative: () => NativeLibrary): NativeLibrary | null {
  try {
    return loadNative();
  } catch {
    return null;
  }
}
