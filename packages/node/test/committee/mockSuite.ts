import { keccak256, type SignatureSuite } from "@festina/crypto";
import { concatBytes, equalBytes } from "@festina/primitives";

/** Signatures as fast as a hash, which anyone could make: the public key is the secret one. For tests of behaviour. */
export const mockSuite: SignatureSuite = {
  id: 0,
  name: "mock",
  publicKeyBytes: 48,
  signatureBytes: 32,
  publicKey: (secretKey) => secretKey,
  sign: (secretKey, message) => keccak256(concatBytes(secretKey, message)),
  verify: (publicKey, message, signature) => equalBytes(keccak256(concatBytes(publicKey, message)), signature),
  aggregate: (signatures) => concatBytes(...signatures),
  verifyAggregate: (publicKeys, message, aggregate) =>
    equalBytes(concatBytes(...publicKeys.map((key) => keccak256(concatBytes(key, message)))), aggregate),
  provePossession: (secretKey) => secretKey,
  verifyPossession: (publicKey, proof) => equalBytes(publicKey, proof),
};
