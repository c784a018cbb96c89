import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { NodeId } from "@festina/network";
import { OperationError } from "@festina/primitives";
import { createCertificate, nodeIdOfKey } from "./certificate.ts";
import { errorCode } from "./tlsSettings.ts";

/** What a node proves itself with. The private key never leaves this process but through its own file. */
export interface NodeIdentity {
  readonly nodeId: NodeId;
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/** A fresh identity that is kept nowhere: for tests and ephemeral nodes. */
export function createNodeIdentity(): NodeIdentity {
  return identityOf(generateKeyPairSync("ed25519").privateKey);
}

/**
 * The node's identity: PKCS #8 in PEM, readable by its owner only. Created at the first start, folder included.
 *
 * @throws OperationError NODE_KEY_INVALID when the file holds no Ed25519 key, NODE_KEY_FAILED when it cannot be read or written
 */
export async function loadOrCreateNodeKey(path: string): Promise<NodeIdentity> {
  try {
    const existing = await readIfPresent(path);
    if (existing !== null) return parseNodeKey(existing, path);
    const identity = createNodeIdentity();
    // Another process may have been quicker; then its key is the node's.
    if (await writeNew(path, identity.privateKeyPem)) return identity;
    return parseNodeKey(await readFile(path, "utf8"), path);
  } catch (cause) {
    if (cause instanceof OperationError) throw cause;
    throw new OperationError("NODE_KEY_FAILED", `cannot read or write the node key ${path}`, cause);
  }
}

function identityOf(privateKey: KeyObject): NodeIdentity {
  return {
    nodeId: nodeIdOfKey(createPublicKey(privateKey)),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: createCertificate(privateKey),
  };
}

function parseNodeKey(text: string, path: string): NodeIdentity {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw new OperationError("NODE_KEY_INVALID", `${path} holds no private key`, cause);
  }
  if (key.asymmetricKeyType === "ed25519") return identityOf(key);
  throw new OperationError("NODE_KEY_INVALID", `${path} holds a ${key.asymmetricKeyType} key, not an Ed25519 key`);
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, "utf8");
    // A copied file may have lost its mode.
    await chmod(path, 0o600);
    return text;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Complete on disk before it appears under its name. False when the name is taken. */
async function writeNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await file.close();
    await unlink(temporary);
  }
}
