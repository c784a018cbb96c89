import { constants } from "node:crypto";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import { FRAME_BYTES_MAX } from "@festina/network";
import type { NodeIdentity } from "./nodeKey.ts";

/** The one path that is answered, with the protocol's name for whoever looks at the port. */
export const PEER_PATH = "/festina";

export interface TlsTransportLimits {
  /** TCP, TLS and WebSocket together, for a dial; each of TLS and HTTP for a caller. */
  readonly handshakeTimeoutMs: number;
  /** Sockets on the port, whatever they have proved. */
  readonly socketsMax: number;
  /** New callers of one address: a handshake is the dearest thing that a stranger gets. More are cut off before it. */
  readonly callersPerSecond: number;
  readonly callersBurst: number;
  /** Above it a connection is not writable. */
  readonly bufferedBytesSoft: number;
  /** Beyond it a connection is dropped. */
  readonly bufferedBytesHard: number;
  /** How long a closed connection may take to say goodbye. */
  readonly closeTimeoutMs: number;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_TLS_LIMITS: TlsTransportLimits = {
  handshakeTimeoutMs: 5_000,
  socketsMax: 128,
  // A network of sixty-four nodes on one machine may all call one of them at once, and keep calling as links come and go.
  callersPerSecond: 16,
  callersBurst: 64,
  bufferedBytesSoft: MEBIBYTE,
  bufferedBytesHard: 2 * MEBIBYTE + FRAME_BYTES_MAX,
  closeTimeoutMs: 1_000,
};

/** Own key, own trust: TLS 1.3 only, no authority, and no session tickets, since a resumed session shows no certificate. */
export function secureContextOptions(identity: NodeIdentity): SecureContextOptions & { rejectUnauthorized: false } {
  return {
    key: identity.privateKeyPem,
    cert: identity.certificatePem,
    // Not undefined: that would have every authority of the system read, a tenth of a second of a node's start.
    ca: [],
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    secureOptions: constants.SSL_OP_NO_TICKET,
    rejectUnauthorized: false,
  };
}

/** WebSocket settings of both ends. No compression: it costs memory per peer, and hashes do not compress. */
export const WEB_SOCKET_OPTIONS = {
  maxPayload: FRAME_BYTES_MAX,
  maxFragments: 1_024,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  // The protocol has pings of its own, sent in a bounded lane. A peer that pings and does not read could fill our memory.
  autoPong: false,
} as const;

/** What happens at the transport, for people and metrics. */
export type TransportLogEvent =
  /** Not TLS 1.3, or broken off while it was negotiated. */
  | { readonly kind: "tlsRefused"; readonly remoteHost: string; readonly code: string }
  /** Another caller of an address that has called too often lately. */
  | { readonly kind: "callerRefused"; readonly remoteHost: string }
  /** TLS, but not HTTP. */
  | { readonly kind: "httpRefused"; readonly remoteHost: string; readonly code: string }
  /** HTTP, but no peer of ours. */
  | { readonly kind: "upgradeRefused"; readonly remoteHost: string; readonly code: UpgradeRefusal }
  /** A peer broke the framing below the protocol; its connection is closed. */
  | { readonly kind: "framingBroken"; readonly remoteHost: string; readonly code: string }
  | { readonly kind: "listenerFailed"; readonly cause: unknown };

export type UpgradeRefusal =
  | "CERTIFICATE_MISSING"
  | "CERTIFICATE_UNSUPPORTED"
  | "PATH_UNKNOWN"
  | "UPGRADE_MISSING"
  | "WEB_SOCKET_INVALID";

export type TransportLog = (event: TransportLogEvent) => void;

export function errorCode(error: unknown): string {
  const hasCode = typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
  return hasCode ? String(error.code) : "UNKNOWN";
}

export function remoteHostOf(socket: Pick<TLSSocket, "remoteAddress">): string {
  return socket.remoteAddress ?? "";
}
