/** What each misdeed of a peer costs. The action is taken at once; the points add up to a ban (`NetworkLimits.banScore`). */
export const PENALTIES = {
  FRAME_EMPTY: { action: "disconnect", points: 20 },
  /** May be a newer protocol's message; still, we agreed on a version. */
  FRAME_TYPE_UNKNOWN: { action: "penalise", points: 5 },
  FRAME_TRUNCATED: { action: "disconnect", points: 20 },
  FRAME_OVERSIZE: { action: "disconnect", points: 50 },
  /** Broke the framing below the protocol, as the transport saw it. */
  FRAMING_BROKEN: { action: "disconnect", points: 20 },
  /** The first frame was not a handshake, or could not be read. */
  HANDSHAKE_INVALID: { action: "disconnect", points: 20 },
  HANDSHAKE_REPEATED: { action: "disconnect", points: 20 },
  /** An answer to nothing that was ever asked. */
  REPLY_UNSOLICITED: { action: "penalise", points: 10 },
  /** An answer after the timeout: slow, not hostile. */
  REPLY_LATE: { action: "ignore", points: 0 },
  /** An answer of another type than the request asks for. */
  REPLY_TYPE_WRONG: { action: "disconnect", points: 20 },
  /** The frame was dropped unread. A thousand of them within a half-life make a ban. Configured peers are spared. */
  RATE_EXCEEDED: { action: "ignore", points: 0.1 },
  /** Reported by the receiver of a message: it does not decode. */
  PAYLOAD_INVALID: { action: "penalise", points: 20 },
  /** Reported: it decodes, and breaks a rule that the sender could have checked. */
  CONTENT_INVALID: { action: "penalise", points: 25 },
  /** Reported: a signature or a proof of work does not hold. */
  SIGNATURE_INVALID: { action: "penalise", points: 50 },
  /** Reported: the state or history that it gave does not have the hash it was asked for by. Nobody errs like that. */
  PROOF_INVALID: { action: "penalise", points: 100 },
  /** Reported: it answers nothing, again and again, while others do. */
  ANSWER_MISSING: { action: "penalise", points: 100 },
} as const satisfies Record<string, { action: PeerAction; points: number }>;

export type PeerAction = "ignore" | "penalise" | "disconnect";
export type PenaltyCode = keyof typeof PENALTIES;
