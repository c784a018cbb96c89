import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { RecordKeys } from "@festina/network";
import type { NodeIdentity } from "./nodeKey.ts";

/** What precedes an Ed25519 key in its SPKI form (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The node key as records need it. A key that OpenSSL cannot read has signed nothing. */
export function createRecordKeys(identity: NodeIdentity): RecordKeys {
  const privateKey = createPrivateKey(identity.privateKeyPem);
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return {
    publicKey: Uint8Array.from(spki.subarray(SPKI_PREFIX.length)),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
    verify: (publicKey, message, signature) => {
      try {
        const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
        return verify(null, message, key, signature);
      } catch {
        return false;
      }
    },
  };
}
