import { keccak256, type SignatureSuite } from "@festina/crypto";
import { concatBytes, equalBytes } from "@festina/primitives";

/** Signatures that anyone could make, as fast as a hash: for tests of rules, not of cryptography. The public key is the secret one. */
export const mockSuite: SignatureSuite = {
  id: 0,
  name: "mock",
  publicKeyBytes: 32,
  signatureBytes: 32,
  publicKey: (secretKey) => secretKey,
  sign: (secretKey, message) => keccak256(concatBytes(secretKey, message)),
  verify: (publicKey, message, signature) => equalBytes(keccak256(concatBytes(publicKey, message)), signature),
  aggregate: (signatures) => concatBytes(...signatures),
  verifyAggregate: (publicKeys, message, aggregate) =>
    equalBytes(concatBytes(...publicKeys.map((key) => keccak256(concatBytes(key, message)))), aggregate),
  provePossession: (secretKey) => secretKey,
  verifyPossession: () => true,
};
