/** Why a request gets no answer. Travels as one byte, the position in this list: append only. */
export const REFUSALS = [
  /** This node does not answer requests of this type. */
  "UNSUPPORTED",
  /** Too many requests of this peer are under way. */
  "BUSY",
  "NOT_FOUND",
  /** The request's payload does not decode, or asks for more than allowed. */
  "REQUEST_INVALID",
  /** Something went wrong on the answering side. */
  "FAILED",
] as const;

export type Refusal = (typeof REFUSALS)[number];

export function encodeRefusal(refusal: Refusal): Uint8Array {
  return Uint8Array.of(REFUSALS.indexOf(refusal));
}

/** Numbers of newer versions read as `FAILED`: whatever the reason, there is no answer. */
export function decodeRefusal(payload: Uint8Array): Refusal {
  return REFUSALS[payload[0] ?? -1] ?? "FAILED";
}
