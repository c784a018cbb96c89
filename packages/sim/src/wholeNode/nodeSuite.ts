// Signatures for whole nodes that cost next to nothing: keys have the size that the registry contract expects, and only who
// holds a secret key of this world can make what verifies.
import type { SignatureSuite } from "@festina/crypto";
import { concatBytes, equalBytes } from "@festina/primitives";
import { createMockSuite } from "../core/mockSuite.ts";

/** As BLS keys, which is what the registry takes. */
const PUBLIC_KEY_BYTES = 48;

export function createNodeSuite(): SignatureSuite {
  const inner = createMockSuite();
  const padded = (key: Uint8Array): Uint8Array => concatBytes(key, new Uint8Array(PUBLIC_KEY_BYTES - key.length));
  const bareKeys = new WeakMap<Uint8Array, Uint8Array>();
  /** The same array each time: the suite within knows keys by it. */
  const bare = (key: Uint8Array): Uint8Array => {
    let known = bareKeys.get(key);
    if (known === undefined) {
      known = key.subarray(0, inner.publicKeyBytes);
      bareKeys.set(key, known);
    }
    return known;
  };
  return {
    ...inner,
    publicKeyBytes: PUBLIC_KEY_BYTES,
    publicKey: (secretKey) => padded(inner.publicKey(secretKey)),
    verify: (publicKey, message, signature) => inner.verify(bare(publicKey), message, signature),
    verifyAggregate: (publicKeys, message, aggregate) =>
      inner.verifyAggregate(publicKeys.map(bare), message, aggregate),
    verifyPossession: (publicKey, proof) =>
      equalBytes(publicKey.subarray(inner.publicKeyBytes), new Uint8Array(PUBLIC_KEY_BYTES - inner.publicKeyBytes)) &&
      inner.verifyPossession(bare(publicKey), proof),
  };
}
