import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { hexToBytes } from "@festina/primitives";
import { rememberByArray } from "./rememberByArray.ts";
import type { VoteScheme } from "./voteScheme.ts";

/** RFC 8410: what precedes the 32 raw bytes of a key in DER. */
const PUBLIC_PREFIX = hexToBytes("0x302a300506032b6570032100");
const SECRET_PREFIX = hexToBytes("0x302e020100300506032b657004220420");
const KEY_BYTES = 32;

/** Ed25519 (RFC 8032) by the platform's OpenSSL. */
export function createEd25519Scheme(): VoteScheme {
  const readPublic = rememberByArray((bytes) =>
    createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: "der", type: "spki" }),
  );
  const readSecret = rememberByArray((bytes) => {
    if (bytes.length !== KEY_BYTES) throw new RangeError("not an Ed25519 secret key");
    return createPrivateKey({ key: Buffer.concat([SECRET_PREFIX, bytes]), format: "der", type: "pkcs8" });
  });
  return {
    id: 3,
    name: "ed25519",
    publicKeyBytes: KEY_BYTES,
    signatureBytes: 64,
    // Implementations differ in which encodings they read; under one that none reads, nothing verifies.
    isPublicKey: (bytes) => bytes.length === KEY_BYTES,
    publicKey: (secretKey) => {
      const der = createPublicKey(readSecret(secretKey)).export({ format: "der", type: "spki" });
      return new Uint8Array(der.subarray(PUBLIC_PREFIX.length));
    },
    sign: (secretKey, message) => new Uint8Array(sign(null, message, readSecret(secretKey))),
    verify: (publicKey, message, signature) => {
      try {
        return publicKey.length === KEY_BYTES && verify(null, message, readPublic(publicKey), signature);
      } catch {
        // Not a point of the curve.
        return false;
      }
    },
  };
}
