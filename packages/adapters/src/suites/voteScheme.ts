/** One signature per signer and message, by a curve that cannot join them. */
export interface VoteScheme {
  /** Written on chain; assigned by hand, never reused. */
  readonly id: number;
  readonly name: string;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
  /** Whether a vote could verify under these foreign bytes, as far as the platform can tell. */
  isPublicKey(bytes: Uint8Array): boolean;
  /** `secretKey` has 32 bytes. @throws RangeError when it is not a valid scalar */
  publicKey(secretKey: Uint8Array): Uint8Array;
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  /** False for anything that cannot be decoded. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
