export { isPrepareMessage, SIGNING_DOMAIN, type SignedKind, type SigningContext, signingMessage } from "./domain.ts";
export { keccak256, keccakHash, sha256 } from "./hash.ts";
export { createKeccak, createKeccakKernel, type HashFunction, type KeccakKernel } from "./keccakKernel.ts";
export {
  type AccountSigner,
  addressOfPublicKey,
  addressOfSecretKey,
  createAccountSigner,
  type EcdsaSignature,
  publicKeyOf,
  type RecoverPublicKey,
  recoverPublicKey,
  SECP256K1_ORDER,
  signHash,
} from "./secp256k1.ts";
export { type BeaconScheme, REGISTERED_KEY_BYTES, type SignatureSuite } from "./signatureSuite.ts";
