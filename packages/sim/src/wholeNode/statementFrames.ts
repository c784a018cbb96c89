// What consensus is made of, as it stands in frames.
import { encodeFrame, type Frame } from "@festina/network";
import {
  decodeCertificate,
  decodeCompactPrePrepare,
  decodePrePrepare,
  decodeVote,
  encodeCertificate,
  encodePrePrepare,
  encodeVote,
} from "@festina/types";
import type { Statement } from "../byzantine/mischief.ts";

/** `null` for everything else, and for what does not decode. Of a compact proposal there is no envelope. */
export function toStatement({ type, payload }: Frame): Statement | null {
  if (type === "vote") {
    const vote = decodeVote(payload);
    return vote.ok ? { kind: "vote", vote: vote.value } : null;
  }
  if (type === "prePrepare") {
    const message = decodePrePrepare(payload);
    return message.ok ? { kind: "prePrepare", message: message.value } : null;
  }
  if (type === "compactPrePrepare") {
    const compact = decodeCompactPrePrepare(payload);
    return compact.ok ? { kind: "prePrepare", message: compact.value.message } : null;
  }
  if (type !== "certificate") return null;
  const certificate = decodeCertificate(payload);
  return certificate.ok ? { kind: "certificate", certificate: certificate.value } : null;
}

export function toFrame(statement: Statement): Uint8Array {
  switch (statement.kind) {
    case "vote":
      return encodeFrame("vote", null, encodeVote(statement.vote));
    case "prePrepare":
      return encodeFrame("prePrepare", null, encodePrePrepare(statement.message));
    case "certificate":
      return encodeFrame("certificate", null, encodeCertificate(statement.certificate));
  }
}
