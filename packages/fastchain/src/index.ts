export { BftCore } from "./bft/bftCore.ts";
export type { BftConfig, BftTiming, CommittedPoint } from "./bft/bftState.ts";
export { type CertificateFailureCode, joinVotes, verifyCertificate, voteMessage } from "./bft/certificates.ts";
export type { BftEffect, FaultCode } from "./bft/effect.ts";
export type { BftInput, BuiltProposal, PeerName, SignedRequest, TimerName } from "./bft/input.ts";
export { leaderOf } from "./bft/leader.ts";
export {
  checkSigning,
  decodeSigningRecord,
  EMPTY_SIGNING_RECORD,
  encodeSigningRecord,
  type SigningRecord,
  type SigningRefusalCode,
  type SigningRequest,
} from "./bft/signingRecord.ts";
