/** Why a connection ended. The numbers travel (WebSocket's private range, 4000 and up), so they are never reused. */
const CLOSE_NUMBERS = {
  /** Ended without a reason: the process died, the cable broke, or the other side speaks another protocol. */
  LOST: 4000,
  /** The closing side is shutting down. */
  STOPPING: 4001,
  /** Another connection between the same two nodes is kept. */
  DUPLICATE: 4002,
  /** No place for another inbound connection. */
  TOO_MANY_PEERS: 4003,
  /** Misbehaved too often; comes back when the score has decayed. */
  BANNED: 4004,
  /** A node reached itself. */
  SELF: 4005,
  /** Opened only to see whether somebody answers. */
  SURPLUS: 4006,
  VERSION_MISMATCH: 4010,
  SPEC_MISMATCH: 4011,
  GENESIS_MISMATCH: 4012,
  HANDSHAKE_INVALID: 4013,
  HANDSHAKE_TIMEOUT: 4014,
  /** A frame that no correct node sends. */
  PROTOCOL_VIOLATION: 4020,
  /** A frame above the transport's limit. */
  FRAME_OVERSIZE: 4021,
  /** Nothing was heard for too long. */
  IDLE_TIMEOUT: 4030,
  /** The peer does not read what it is sent. */
  SEND_STALLED: 4031,
} as const;

export type CloseCode = keyof typeof CLOSE_NUMBERS;

export interface CloseReason {
  readonly code: CloseCode;
  /** True when the other side, or the network between, ended it. */
  readonly remote: boolean;
}

const CODES = new Map(Object.entries(CLOSE_NUMBERS).map(([code, number]) => [number as number, code as CloseCode]));

export function closeNumber(code: CloseCode): number {
  return CLOSE_NUMBERS[code];
}

/** `LOST` for every number that is none of ours. */
export function closeCodeOfNumber(number: number): CloseCode {
  return CODES.get(number) ?? "LOST";
}
