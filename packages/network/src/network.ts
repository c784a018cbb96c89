import type { Clock, Result } from "@festina/primitives";
import type { CloseCode, CloseReason } from "./closeCode.ts";
import type { DiscoveryOptions, DiscoveryReport } from "./discovery/peerDiscovery.ts";
import type { NetworkLimits } from "./limits.ts";
import type { NodeId, PeerAddress } from "./nodeId.ts";
import type { Direction } from "./peer/peerSession.ts";
import type { PenaltyCode } from "./peer/penalty.ts";
import type { Refusal } from "./peer/refusal.ts";
import type { RequestAnswer } from "./peer/requestTable.ts";
import type { Stranger } from "./peer/strangerTable.ts";
import type { MessageTraffic } from "./peer/traffic.ts";
import type { DialCode, ListenAddress, Transport } from "./transport.ts";
import type { Handshake } from "./wire/handshake.ts";
import type { PushType, RequestType } from "./wire/messageType.ts";

/** A node's view of the network: connected peers, messages to and from them. Payloads are opaque bytes. */
export interface Network {
  readonly nodeId: NodeId;
  /** Listens, when asked to, and dials the configured peers. @throws OperationError when the address cannot be bound */
  start(): Promise<ListenAddress | null>;
  /** Closes every connection; no event comes afterwards. A stopped network is not started again. */
  stop(): Promise<void>;
  /** Connected peers, past the handshake. */
  peers(): readonly PeerInfo[];
  /** Who was turned away lately for belonging to another network, or speaking another version. */
  strangers(): readonly Stranger[];
  /** Keeps a connection to this peer from now on, like those given at creation. */
  addPeer(address: PeerAddress): void;
  /** `null` where peers are only those configured. */
  discovery(): DiscoveryReport | null;
  /** Of all connections since the start, by message. */
  traffic(): readonly MessageTraffic[];
  /** False when the peer is not connected or its lane is full. @throws InvariantError above the type's size limit */
  send(peerId: NodeId, type: PushType, payload: Uint8Array): boolean;
  /** To every connected peer that `filter` accepts; how many took it. @throws InvariantError above the type's size limit */
  broadcast(type: PushType, payload: Uint8Array, filter?: (peer: PeerInfo) => boolean): number;
  /** Never rejects. `timeoutMs` is cut to `limits.requestTimeoutMsMax`. */
  request(peerId: NodeId, type: RequestType, payload: Uint8Array, timeoutMs: number): Promise<RequestAnswer>;
  /** Who answers requests of this type. Types without a handler are refused as `UNSUPPORTED`. */
  onRequest(type: RequestType, handler: RequestHandler): void;
  /** What the node found out about a message: the peer pays, and is dropped when it has done so too often. */
  penalise(peerId: NodeId, code: ReportedPenalty): void;
}

export interface PeerInfo {
  readonly nodeId: NodeId;
  readonly direction: Direction;
  /** As sent at the start of the connection; heads have moved since. */
  readonly handshake: Handshake;
  readonly remoteHost: string;
  /** Given by the operator. */
  readonly isConfigured: boolean;
  /** Its record proves a seat in the committee. */
  readonly isSeated: boolean;
  /** Misdeeds lately; `limits.banScore` of them ban. */
  readonly points: number;
  readonly connectedAtMs: number;
  readonly roundTripMs: number | null;
  /** Frames that never left because too much waited. */
  readonly framesLost: number;
}

/** What happens, as it happens. Handlers return quickly and do not call back into the network in depth: they enqueue. */
export interface NetworkEvents {
  /** Also when a connection is replaced by another to the same peer, right after its `peerDown`. */
  peerUp(peer: PeerInfo): void;
  peerDown(peerId: NodeId, reason: CloseReason): void;
  message(peerId: NodeId, type: PushType, payload: Uint8Array): void;
}

/** Answers one request. `REQUEST_INVALID` also costs the asker. Rejections other than broken invariants are refused as `FAILED`. */
export type RequestHandler = (peerId: NodeId, payload: Uint8Array) => Answer | Promise<Answer>;
type Answer = Result<Uint8Array, Refusal>;

export type ReportedPenalty = Extract<
  PenaltyCode,
  "PAYLOAD_INVALID" | "CONTENT_INVALID" | "SIGNATURE_INVALID" | "PROOF_INVALID" | "ANSWER_MISSING"
>;

/** For people and metrics: nothing depends on it. */
export type NetworkLogEvent =
  | { readonly kind: "listening"; readonly host: string; readonly port: number }
  | { readonly kind: "dialFailed"; readonly nodeId: NodeId; readonly code: DialCode; readonly attempts: number }
  /** An inbound connection that never became a session. */
  | { readonly kind: "connectionRefused"; readonly nodeId: NodeId; readonly code: CloseCode }
  | { readonly kind: "connectionClosed"; readonly nodeId: NodeId; readonly reason: CloseReason }
  /** Of another network or version; once for a node and a reason, and of nodes nobody named only now and then. */
  | { readonly kind: "stranger"; readonly stranger: Stranger }
  | { readonly kind: "penalised"; readonly nodeId: NodeId; readonly code: PenaltyCode; readonly points: number }
  | { readonly kind: "banned"; readonly nodeId: NodeId; readonly untilMs: number }
  /** The saved address book could not be read: this node starts anew. */
  | { readonly kind: "bookDiscarded"; readonly code: string }
  | { readonly kind: "handlerFailed"; readonly type: RequestType; readonly cause: unknown };

export interface NetworkOptions {
  readonly transport: Transport;
  /** `null`: outbound connections only. */
  readonly listen: ListenAddress | null;
  /** Asked for every new connection, so that it names the heads of that moment. */
  readonly handshake: () => Handshake;
  /** Configured peers. */
  readonly peers: readonly PeerAddress[];
  /** Without it, peers are only those configured. */
  readonly discovery?: DiscoveryOptions;
  readonly limits?: Partial<NetworkLimits>;
  readonly clock: Clock;
  /** Uniform in [0, 1); spreads the dials. */
  readonly random: () => number;
  readonly events: NetworkEvents;
  readonly log?: (event: NetworkLogEvent) => void;
}
