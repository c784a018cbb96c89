export { type CloseCode, type CloseReason, closeCodeOfNumber, closeNumber } from "./closeCode.ts";
export { createNetwork } from "./createNetwork.ts";
export { DEFAULT_DISCOVERY_LIMITS, type DiscoveryLimits } from "./discovery/discoveryLimits.ts";
export { parseIp } from "./discovery/ipAddress.ts";
export { RECORD_ADDRESSES_MAX, type RecordAddress, type RecordKeys, type SeatProof } from "./discovery/nodeRecord.ts";
export type { DiscoveryOptions, DiscoveryReport } from "./discovery/peerDiscovery.ts";
export type { SeatPort, SeatVerdict } from "./discovery/seatedNodes.ts";
export {
  DEFAULT_NETWORK_LIMITS,
  type LaneLimit,
  type NetworkLimits,
  type ReceiveAllowance,
} from "./limits.ts";
export { createMemoryHub, type MemoryHub } from "./memoryTransport.ts";
export type {
  Network,
  NetworkEvents,
  NetworkLogEvent,
  NetworkOptions,
  PeerInfo,
  ReportedPenalty,
  RequestHandler,
} from "./network.ts";
export { formatPeerAddress, type NodeId, type PeerAddress, parseNodeId, parsePeerAddress, toNodeId } from "./nodeId.ts";
export type { Direction } from "./peer/peerSession.ts";
export { PENALTIES, type PeerAction, type PenaltyCode } from "./peer/penalty.ts";
export { REFUSALS, type Refusal } from "./peer/refusal.ts";
export type { RequestAnswer, RequestCode } from "./peer/requestTable.ts";
export type { Stranger } from "./peer/strangerTable.ts";
export { TokenBucket } from "./peer/tokenBucket.ts";
export type { MessageTraffic } from "./peer/traffic.ts";
export { SeenCache } from "./seenCache.ts";
export type { Connection, DialCode, ListenAddress, Transport } from "./transport.ts";
export { decodeFrame, encodeFrame, FRAME_BYTES_MAX, type Frame, type FrameFailureCode } from "./wire/frameCodec.ts";
export {
  CAPABILITY,
  decodeHandshake,
  encodeHandshake,
  type Handshake,
  type HandshakeMismatch,
  NODE_ROLES,
  type NodeRole,
  PROTOCOL_VERSION,
  verifyHandshake,
} from "./wire/handshake.ts";
export {
  MESSAGE_CLASSES,
  MESSAGES,
  type MessageClass,
  type MessageType,
  type PushType,
  type ReplyType,
  type RequestType,
} from "./wire/messageType.ts";
