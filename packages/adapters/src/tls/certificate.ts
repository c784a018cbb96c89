import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { type NodeId, toNodeId } from "@festina/network";
import { fail, ok, type Result } from "@festina/primitives";

/**
 * The self-signed Ed25519 certificate that carries a node's key through TLS. Nobody reads more from it than the key, so
 * it is written with fixed contents (DER, RFC 5280 and RFC 8410) and is a pure function of the key. Reading a peer's
 * certificate is OpenSSL's work.
 */
export function createCertificate(privateKey: KeyObject): string {
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(der(0x06, COMMON_NAME), der(0x0c, Buffer.from("festina node")))));
  const validity = sequence(der(0x17, Buffer.from("200101000000Z")), der(0x18, Buffer.from("99991231235959Z")));
  const version3 = der(0xa0, der(0x02, Buffer.of(2)));
  const serial = der(0x02, Buffer.of(1));
  const body = sequence(version3, serial, ED25519, name, validity, name, publicKey);
  const signature = der(0x03, Buffer.of(0), sign(null, body, privateKey));
  const base64 = sequence(body, ED25519, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

export function nodeIdOfKey(publicKey: KeyObject): NodeId {
  return toNodeId(
    createHash("sha256")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest(),
  );
}

export type AuthenticationCode = "CERTIFICATE_MISSING" | "CERTIFICATE_UNSUPPORTED";

/**
 * Who is at the other end. TLS 1.3 has already proved that it holds the certificate's private key (CertificateVerify);
 * dates, names and issuers say nothing here.
 */
export function authenticate(socket: TLSSocket): Result<NodeId, AuthenticationCode> {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return fail("CERTIFICATE_MISSING", "the peer shows no certificate");
  try {
    const { publicKey } = certificate;
    if (publicKey.asymmetricKeyType === "ed25519") return ok(nodeIdOfKey(publicKey));
  } catch {
    // OpenSSL cannot read the key: the same answer as for a key of another kind.
  }
  return fail("CERTIFICATE_UNSUPPORTED", "the peer's key is not Ed25519");
}

/** One DER element: tag, length in its shortest form, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function set(...contents: readonly Buffer[]): Buffer {
  return der(0x31, ...contents);
}

/** Object identifier 2.5.4.3. */
const COMMON_NAME = Buffer.of(0x55, 0x04, 0x03);

/** AlgorithmIdentifier of 1.3.101.112, without parameters (RFC 8410, section 3). */
const ED25519 = sequence(der(0x06, Buffer.of(0x2b, 0x65, 0x70)));
