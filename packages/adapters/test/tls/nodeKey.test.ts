import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { nodeIdOfKey } from "../../src/tls/certificate.ts";
import { createNodeIdentity, loadOrCreateNodeKey } from "../../src/tls/nodeKey.ts";

describe("loadOrCreateNodeKey", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "festina-node-key-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("creates once, in a new folder, for the owner only, and loads the same identity ever after", async () => {
    const path = join(folder, "new", "node.key");
    const created = await loadOrCreateNodeKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateNodeKey(path)).toEqual(created);
    expect(await readdir(join(folder, "new"))).toEqual(["node.key"]);
  });

  it("gives two who start at once the same key", async () => {
    const path = join(folder, "node.key");
    const [one, two] = await Promise.all([loadOrCreateNodeKey(path), loadOrCreateNodeKey(path)]);
    expect(one).toEqual(two);
    expect(await readdir(folder)).toEqual(["node.key"]);
  });

  it("takes back a mode that others can read", async () => {
    const path = join(folder, "node.key");
    await loadOrCreateNodeKey(path);
    await chmod(path, 0o644);
    await loadOrCreateNodeKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("leaves a file that holds something else untouched", async () => {
    const path = join(folder, "node.key");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const otherKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    for (const text of ["", "not a key", otherKey]) {
      await writeFile(path, text);
      await expect(loadOrCreateNodeKey(path)).rejects.toMatchObject({ code: "NODE_KEY_INVALID" });
      expect(await readFile(path, "utf8")).toBe(text);
    }
  });

  it("says what failed when the place cannot be used", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(loadOrCreateNodeKey(join(folder, "file", "node.key"))).rejects.toMatchObject({
      code: "NODE_KEY_FAILED",
    });
  });
});

describe("the certificate", () => {
  const identity = createNodeIdentity();
  const certificate = new X509Certificate(identity.certificatePem);

  it("is what OpenSSL calls a self-signed Ed25519 certificate", () => {
    expect(certificate.publicKey.asymmetricKeyType).toBe("ed25519");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.issuer).toBe("CN=festina node");
    expect(certificate.subject).toBe("CN=festina node");
    expect(new Date(certificate.validFrom).getUTCFullYear()).toBe(2020);
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(9999);
    expect(() => createSecureContext({ key: identity.privateKeyPem, cert: identity.certificatePem })).not.toThrow();
  });

  it("carries the key that names the node", () => {
    expect(nodeIdOfKey(certificate.publicKey)).toBe(identity.nodeId);
    expect(createNodeIdentity().nodeId).not.toBe(identity.nodeId);
  });
});
