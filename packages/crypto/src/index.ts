export { SIGNING_DOMAIN, type SignedKind, type SigningContext, signingMessage } from "./domain.ts";
export { type HashFunction, keccak256, keccakHash, sha256 } from "./hash.ts";
export {
  addressOfPublicKey,
  addressOfSecretKey,
  type EcdsaSignature,
  type RecoverPublicKey,
  recoverPublicKey,
  SECP256K1_ORDER,
  signHash,
} from "./secp256k1.ts";
export type { SignatureSuite } from "./signatureSuite.ts";
