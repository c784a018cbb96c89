// Node keys by number, so that two runs are alike.
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { createRecordKeys } from "@festina/adapters";
import { type NodeId, type RecordKeys, toNodeId } from "@festina/network";

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export interface NodeKeys {
  readonly nodeId: NodeId;
  readonly recordKeys: RecordKeys;
}

export function nodeKeysOf(index: number): NodeKeys {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, index + 1)]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const nodeId = toNodeId(createHash("sha256").update(spki).digest());
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { nodeId, recordKeys: createRecordKeys({ nodeId, privateKeyPem, certificatePem: "" }) };
}
