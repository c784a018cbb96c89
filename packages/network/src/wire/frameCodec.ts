import { assert, bigintToBytes, bytesToBigint, fail, newBytes, ok, type Result } from "@festina/primitives";
import { carriesRequestId, MESSAGES, type MessageType, messageTypeOfNumber } from "./messageType.ts";

/** A frame is `[type: 1 byte][request id: 8 bytes, requests and replies only][payload]`. One frame per transport message. */
export interface Frame {
  readonly type: MessageType;
  /** `null` for pushes and session messages. */
  readonly requestId: bigint | null;
  readonly payload: Uint8Array;
}

export const REQUEST_ID_BYTES = 8;

/** No legal frame is longer: what a transport refuses before it buffers. */
export const FRAME_BYTES_MAX =
  1 + REQUEST_ID_BYTES + Math.max(...Object.values(MESSAGES).map((m) => m.payloadBytesMax));

export type FrameFailureCode = "FRAME_EMPTY" | "FRAME_TYPE_UNKNOWN" | "FRAME_TRUNCATED" | "FRAME_OVERSIZE";

/** @throws InvariantError when the payload is above the type's limit or an id is missing: the caller is wrong */
export function encodeFrame(type: MessageType, requestId: bigint | null, payload: Uint8Array): Uint8Array {
  const message = MESSAGES[type];
  assert(
    payload.length <= message.payloadBytesMax,
    `${type}: ${payload.length} bytes exceed ${message.payloadBytesMax}`,
  );
  assert(carriesRequestId(type) === (requestId !== null), `${type}: a request id belongs to requests and replies`);
  const start = requestId === null ? 1 : 1 + REQUEST_ID_BYTES;
  const frame = newBytes(start + payload.length);
  frame[0] = message.number;
  if (requestId !== null) frame.set(bigintToBytes(requestId, REQUEST_ID_BYTES), 1);
  frame.set(payload, start);
  return frame;
}

/** The payload is a view into `bytes`. */
export function decodeFrame(bytes: Uint8Array): Result<Frame, FrameFailureCode> {
  const number = bytes[0];
  if (number === undefined) return fail("FRAME_EMPTY", "a frame has a type");
  const type = messageTypeOfNumber(number);
  if (type === undefined) return fail("FRAME_TYPE_UNKNOWN", `no message has type ${number}`, { number });
  const start = carriesRequestId(type) ? 1 + REQUEST_ID_BYTES : 1;
  if (bytes.length < start) return fail("FRAME_TRUNCATED", `${type}: request id is cut off`, { type });
  const payloadBytes = bytes.length - start;
  if (payloadBytes > MESSAGES[type].payloadBytesMax) {
    return fail("FRAME_OVERSIZE", `${type}: ${payloadBytes} bytes`, { type, payloadBytes });
  }
  const requestId = start === 1 ? null : bytesToBigint(bytes.subarray(1, start));
  return ok({ type, requestId, payload: bytes.subarray(start) });
}
