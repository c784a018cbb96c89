import type { SignatureSuite } from "@festina/crypto";
import { concatBytes, equalBytes } from "@festina/primitives";

// Jest looks up globals slowly: a hundred times the cost of the multiplication.
const { imul } = Math;

/** Two 32-bit FNV-1a sums over key and message. */
function mix(key: Uint8Array, message: Uint8Array): Uint8Array {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const part of [key, message]) {
    for (let at = 0; at < part.length; at++) {
      const byte = part[at] as number;
      low = imul(low ^ byte, 0x01000193);
      high = imul(high + byte, 0x85ebca6b) ^ low;
    }
  }
  const sum = new Uint8Array(8);
  new DataView(sum.buffer).setInt32(0, low);
  new DataView(sum.buffer).setInt32(4, high);
  return sum;
}

/** Signatures that anyone could make, for tests of rules, not of cryptography. The public key is the secret one. */
export const mockSuite: SignatureSuite = {
  id: 0,
  name: "mock",
  publicKeyBytes: 32,
  signatureBytes: 8,
  publicKey: (secretKey) => secretKey,
  sign: mix,
  verify: (publicKey, message, signature) => equalBytes(mix(publicKey, message), signature),
  aggregate: (signatures) => concatBytes(...signatures),
  verifyAggregate: (publicKeys, message, aggregate) =>
    equalBytes(concatBytes(...publicKeys.map((key) => mix(key, message))), aggregate),
  provePossession: (secretKey) => secretKey,
  verifyPossession: () => true,
};
