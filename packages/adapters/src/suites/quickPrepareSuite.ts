import { isPrepareMessage, REGISTERED_KEY_BYTES, type SignatureSuite } from "@festina/crypto";
import { rememberByArray } from "./rememberByArray.ts";

/**
 * PREPARE by one suite, everything else by BLS. What ends up on chain and in snail blocks are COMMITs, whose certificates
 * stay small; PREPARED lives for a view, is on the way of every block, and is the cheaper the quicker its votes are. The
 * message says which it is, so nobody has to be asked: the same bytes are never signed both ways.
 *
 * @param quick a suite whose public keys begin with the registered BLS key
 */
export function createQuickPrepareSuite(quick: SignatureSuite, bls: SignatureSuite): SignatureSuite {
  // The same array each time, by which BLS remembers the point. A key of another length is no key.
  const registeredKey = rememberByArray((publicKey) =>
    publicKey.length === quick.publicKeyBytes ? publicKey.slice(0, REGISTERED_KEY_BYTES) : new Uint8Array(0),
  );
  return {
    ...quick,
    // 4 was the same with Ed25519.
    id: 5,
    name: "bls-secp256k1",
    signatureBytes: bls.signatureBytes,
    sign: (secretKey, message) => (isPrepareMessage(message) ? quick : bls).sign(secretKey, message),
    verify: (publicKey, message, signature) =>
      isPrepareMessage(message)
        ? quick.verify(publicKey, message, signature)
        : bls.verify(registeredKey(publicKey), message, signature),
    // Signatures of one message are of one kind, and each kind refuses the other's length.
    aggregate: (signatures) => (signatures[0]?.length === quick.signatureBytes ? quick : bls).aggregate(signatures),
    verifyAggregate: (publicKeys, message, aggregate) =>
      isPrepareMessage(message)
        ? quick.verifyAggregate(publicKeys, message, aggregate)
        : bls.verifyAggregate(publicKeys.map(registeredKey), message, aggregate),
  };
}
