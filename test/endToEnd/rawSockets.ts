import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { createNodeIdentity } from "@festina/adapters";
import type { PeerAddress } from "@festina/network";

/** Connects, sends, hangs up once the other side has, or after a moment. */
export function sendRaw(port: number, host: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, host, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), 30);
    socket.on("data", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export function sendInTls(address: PeerAddress, bytes: Uint8Array, withCertificate: boolean): Promise<void> {
  const { privateKeyPem, certificatePem } = createNodeIdentity();
  const own = withCertificate ? { key: privateKeyPem, cert: certificatePem } : {};
  return new Promise((resolve) => {
    const { host, port } = address;
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...own }, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), 60);
    socket.on("data", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
