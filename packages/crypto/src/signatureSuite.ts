/**
 * How committee members sign votes. A suite is a consensus-critical plugin kind: `chainSpec` names it by id, all nodes
 * of a network use the same. Messages are raw bytes that already carry their domain (see `domain.ts`).
 * No method throws on foreign bytes: what cannot be decoded does not verify.
 */
export interface SignatureSuite {
  /** Written on chain; assigned by hand, never reused. */
  readonly id: number;
  readonly name: string;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;

  /** `secretKey` has 32 bytes. @throws RangeError when it is not a valid scalar */
  publicKey(secretKey: Uint8Array): Uint8Array;
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;

  /** Joins signatures of one message; `null` when one of them cannot be decoded. Order matches the signers' order. */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array | null;
  /** Whether every one of `publicKeys` signed `message`. Keys must have proven possession, or rogue keys forge this. */
  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean;

  /** Shows that the holder knows the secret of its public key; asked for at registration. */
  provePossession(secretKey: Uint8Array): Uint8Array;
  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean;
}
