import { connect, type SecureContext, type TLSSocket } from "node:tls";
import type { Connection, DialCode, NodeId, PeerAddress } from "@festina/network";
import { fail, ok, type Result } from "@festina/primitives";
import { WebSocket } from "ws";
import { authenticate } from "./certificate.ts";
import { PEER_PATH, type TlsTransportLimits, WEB_SOCKET_OPTIONS } from "./tlsSettings.ts";

/** Called within the event that completes the WebSocket: a tick later its first frames would be lost. */
export type AdoptSocket = (socket: WebSocket, nodeId: NodeId, remoteHost: string) => Connection;

type Dialed = Result<Connection, DialCode>;

/** TCP, TLS 1.3 and WebSocket to one peer, in that order; the pin is checked before anything is sent inside TLS. */
export function dialPeer(
  address: PeerAddress,
  secureContext: SecureContext,
  limits: TlsTransportLimits,
  signal: AbortSignal,
  adopt: AdoptSocket,
): Promise<Dialed> {
  return new Promise((resolve) => {
    let isSettled = false;
    const tlsSocket = connect({ secureContext, rejectUnauthorized: false, host: address.host, port: address.port });
    tlsSocket.setNoDelay(true);
    const settle = (result: Dialed): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (!result.ok) tlsSocket.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle(fail("TRANSPORT_CLOSED", "this transport is closed"));
    const timer = setTimeout(() => {
      settle(fail("DIAL_TIMEOUT", `${address.host}:${address.port} took longer than ${limits.handshakeTimeoutMs} ms`));
    }, limits.handshakeTimeoutMs);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    tlsSocket.on("error", (error) => settle(fail(codeOfSocketError(error), error.message)));
    // A reset is not always an error on this side.
    tlsSocket.on("close", () => settle(fail("PROTOCOL_FAILED", "the connection ended in its handshake")));
    tlsSocket.once("secureConnect", () => {
      if (isSettled) return;
      const peer = authenticate(tlsSocket);
      if (!peer.ok) settle(fail("PROTOCOL_FAILED", peer.error.message));
      else if (peer.value !== address.nodeId) settle(fail("PIN_MISMATCH", `${peer.value} answers`));
      else upgrade(tlsSocket, address, adopt, settle);
    });
  });
}

function upgrade(
  tlsSocket: TLSSocket,
  address: PeerAddress,
  adopt: AdoptSocket,
  settle: (result: Dialed) => void,
): void {
  // "ws:" because the socket given is already secure.
  const socket = new WebSocket(`ws://${hostInUrl(address.host)}:${address.port}${PEER_PATH}`, {
    ...WEB_SOCKET_OPTIONS,
    createConnection: () => tlsSocket,
    // Masking protects proxies that look into traffic; none can look into this.
    generateMask: () => {},
  });
  socket.once("error", (error) => settle(fail("PROTOCOL_FAILED", error.message)));
  socket.once("open", () => {
    settle(ok(adopt(socket, address.nodeId, tlsSocket.remoteAddress ?? address.host)));
  });
}

function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Before TCP stands nobody was reached; afterwards it was the wrong kind of somebody. */
function codeOfSocketError(error: Error): DialCode {
  const isReached = !("syscall" in error) || (error.syscall !== "connect" && error.syscall !== "getaddrinfo");
  return isReached ? "PROTOCOL_FAILED" : "UNREACHABLE";
}
