import { assert } from "@festina/primitives";
import { FRAME_BYTES_MAX } from "./wire/frameCodec.ts";
import { MESSAGE_CLASSES, MESSAGES, type MessageClass } from "./wire/messageType.ts";

/** What a peer may send of one class. Above it frames are dropped unread. */
export interface ReceiveAllowance {
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

/** How much of one class may wait for one peer, and what gives way when there is more. */
export interface LaneLimit {
  readonly framesMax: number;
  /** A single larger frame is still taken by an empty lane. */
  readonly bytesMax: number;
  /** `dropOldest` where newer messages make older ones worthless; `refuse` where the sender must hear of it. */
  readonly overflow: "dropOldest" | "refuse";
}

export interface NetworkLimits {
  /** Inbound connections of peers that are not configured. Configured peers always have a place. */
  readonly inboundMax: number;
  /** Of these, from one netgroup. This machine's own are not counted. */
  readonly inboundPerGroupMax: number;
  readonly handshakeTimeoutMs: number;
  readonly pingIntervalMs: number;
  /** Nothing heard for this long ends the connection. */
  readonly idleTimeoutMs: number;
  /** A peer that takes nothing for this long while frames wait for it is dropped. */
  readonly stallTimeoutMs: number;
  /** Requests of ours without an answer, per peer. */
  readonly requestsOpenMax: number;
  /** Requests of a peer that we are working on, per peer. */
  readonly requestsServedMax: number;
  readonly requestTimeoutMsMax: number;
  readonly dialBackoffMsMin: number;
  readonly dialBackoffMsMax: number;
  /** The node with the higher id waits this long before its first dial, so that two nodes rarely dial at once. */
  readonly dialYieldMs: number;
  /** A connection that lived this long makes the next dial quick again. */
  readonly stableConnectionMs: number;
  readonly banScore: number;
  readonly banMs: number;
  readonly scoreHalfLifeMs: number;
  /** Peers whose score is remembered. */
  readonly scoredPeersMax: number;
  readonly lanes: Readonly<Record<MessageClass, LaneLimit>>;
  readonly allowances: Readonly<Record<MessageClass, ReceiveAllowance>>;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

export const DEFAULT_NETWORK_LIMITS: NetworkLimits = {
  inboundMax: 40,
  inboundPerGroupMax: 10,
  handshakeTimeoutMs: 5_000,
  pingIntervalMs: 5_000,
  idleTimeoutMs: 15_000,
  stallTimeoutMs: 15_000,
  requestsOpenMax: 64,
  requestsServedMax: 16,
  requestTimeoutMsMax: 60_000,
  dialBackoffMsMin: 100,
  dialBackoffMsMax: 15_000,
  dialYieldMs: 100,
  stableConnectionMs: 10_000,
  banScore: 100,
  banMs: 600_000,
  scoreHalfLifeMs: 300_000,
  scoredPeersMax: 4_096,
  lanes: {
    // Votes and proposals of an old view are worth nothing: the newest must go out.
    consensus: { framesMax: 2_048, bytesMax: 24 * MEBIBYTE, overflow: "dropOldest" },
    control: { framesMax: 256, bytesMax: 256 * KIBIBYTE, overflow: "dropOldest" },
    // A requester must hear that it gets nothing; it asks another peer.
    blocks: { framesMax: 256, bytesMax: 24 * MEBIBYTE, overflow: "refuse" },
    fruits: { framesMax: 1_024, bytesMax: 4 * MEBIBYTE, overflow: "dropOldest" },
    transactions: { framesMax: 2_048, bytesMax: 8 * MEBIBYTE, overflow: "refuse" },
  },
  allowances: {
    consensus: {
      messagesPerSecond: 2_000,
      messagesBurst: 8_000,
      bytesPerSecond: 16 * MEBIBYTE,
      bytesBurst: 32 * MEBIBYTE,
    },
    control: { messagesPerSecond: 50, messagesBurst: 200, bytesPerSecond: 32 * KIBIBYTE, bytesBurst: 256 * KIBIBYTE },
    blocks: { messagesPerSecond: 200, messagesBurst: 1_000, bytesPerSecond: 8 * MEBIBYTE, bytesBurst: 32 * MEBIBYTE },
    fruits: { messagesPerSecond: 500, messagesBurst: 2_000, bytesPerSecond: 2 * MEBIBYTE, bytesBurst: 8 * MEBIBYTE },
    transactions: {
      messagesPerSecond: 2_000,
      messagesBurst: 8_000,
      bytesPerSecond: 8 * MEBIBYTE,
      bytesBurst: 32 * MEBIBYTE,
    },
  },
};

/** @throws InvariantError when the limits contradict each other or the message table */
export function checkNetworkLimits(limits: NetworkLimits): void {
  assert(limits.pingIntervalMs * 2 <= limits.idleTimeoutMs, "a peer gets two pings before it counts as gone");
  assert(limits.dialBackoffMsMin <= limits.dialBackoffMsMax, "backoff grows");
  assert(limits.requestsOpenMax <= limits.lanes.blocks.framesMax, "every open request fits its lane");
  for (const messageClass of MESSAGE_CLASSES) {
    const largest = Math.max(
      ...Object.values(MESSAGES)
        .filter((message) => message.class === messageClass)
        .map((message) => message.payloadBytesMax),
    );
    assert(limits.allowances[messageClass].bytesBurst > largest, `${messageClass}: the largest message is admissible`);
  }
  assert(limits.allowances.consensus.bytesBurst >= FRAME_BYTES_MAX, "a full proposal is admissible");
}
