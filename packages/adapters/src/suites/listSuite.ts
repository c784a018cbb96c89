import { REGISTERED_KEY_BYTES, type SignatureSuite, sha256 } from "@festina/crypto";
import { asciiToBytes, concatBytes } from "@festina/primitives";
import { rememberByArray } from "./rememberByArray.ts";
import type { VoteScheme } from "./voteScheme.ts";

const SECRET_DOMAIN = asciiToBytes("festina voting key");
const SECRET_BYTES = 32;
const POSSESSION_DOMAIN = asciiToBytes("festina voting key possession");

/**
 * A suite whose certificates are lists of signatures: cheaper than BLS while a committee is small. A public key names
 * the registered BLS key, which signs the beacon, and then the voting key; both come from one secret.
 */
export function createListSuite(scheme: VoteScheme, bls: SignatureSuite): SignatureSuite {
  const publicKeyBytes = REGISTERED_KEY_BYTES + scheme.publicKeyBytes;
  // A secret of its own: two schemes under one secret would have to be proved safe together.
  const votingSecret = rememberByArray((secretKey) => {
    if (secretKey.length !== SECRET_BYTES) throw new RangeError(`not a ${scheme.name} secret key`);
    return sha256(concatBytes(SECRET_DOMAIN, secretKey));
  });
  const votingKey = rememberByArray((publicKey) => publicKey.slice(REGISTERED_KEY_BYTES));
  const possessionMessage = (publicKey: Uint8Array): Uint8Array => concatBytes(POSSESSION_DOMAIN, publicKey);
  const publicKeyOf = (secretKey: Uint8Array): Uint8Array =>
    concatBytes(bls.publicKey(secretKey), scheme.publicKey(votingSecret(secretKey)));
  const verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
    publicKey.length === publicKeyBytes &&
    signature.length === scheme.signatureBytes &&
    scheme.verify(votingKey(publicKey), message, signature);
  return {
    id: scheme.id,
    name: scheme.name,
    publicKeyBytes,
    signatureBytes: scheme.signatureBytes,
    publicKey: publicKeyOf,
    sign: (secretKey, message) => scheme.sign(votingSecret(secretKey), message),
    verify,
    aggregate: (signatures) =>
      signatures.length > 0 && signatures.every(({ length }) => length === scheme.signatureBytes)
        ? concatBytes(...signatures)
        : null,
    verifyAggregate: (publicKeys, message, aggregate) => {
      const { signatureBytes } = scheme;
      if (publicKeys.length === 0 || aggregate.length !== publicKeys.length * signatureBytes) return false;
      return publicKeys.every((publicKey, index) =>
        verify(publicKey, message, aggregate.subarray(index * signatureBytes, (index + 1) * signatureBytes)),
      );
    },
    isVotingKey: (bytes) => scheme.isPublicKey(bytes),
    beacon: {
      sign: (secretKey, message) => bls.sign(secretKey, message),
      verify: (publicKey, message, signature) =>
        publicKey.length === publicKeyBytes &&
        bls.verify(publicKey.subarray(0, REGISTERED_KEY_BYTES), message, signature),
    },
    provePossession: (secretKey) => {
      const message = possessionMessage(publicKeyOf(secretKey));
      return concatBytes(bls.provePossession(secretKey), scheme.sign(votingSecret(secretKey), message));
    },
    verifyPossession: (publicKey, proof) => {
      if (publicKey.length !== publicKeyBytes || proof.length !== bls.signatureBytes + scheme.signatureBytes)
        return false;
      const blsKey = publicKey.subarray(0, REGISTERED_KEY_BYTES);
      return (
        bls.verifyPossession(blsKey, proof.subarray(0, bls.signatureBytes)) &&
        verify(publicKey, possessionMessage(publicKey), proof.subarray(bls.signatureBytes))
      );
    },
  };
}
