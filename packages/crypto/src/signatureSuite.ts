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

  /**
   * How the beacon is signed when it is not as votes are: always by the registered BLS key, for only BLS has one signature
   * per message. Absent: votes are signed by that key themselves.
   */
  readonly beacon?: BeaconScheme;

  /** Whether this can follow the registered key in a public key; foreign bytes. Absent: nothing follows it. */
  readonly isVotingKey?: (votingKey: Uint8Array) => boolean;

  /** Shows that the holder knows the secret of its public key; asked for at registration. */
  provePossession(secretKey: Uint8Array): Uint8Array;
  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean;
}

/** Keys are those of the suite: the secret one, and the public one that a committee names. */
export interface BeaconScheme {
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Bytes of the BLS key under which a validator is registered. Public keys of every suite begin with it. */
export const REGISTERED_KEY_BYTES = 48;
