import type { Hash32 } from "@festina/primitives";
import type { Certificate, PrePrepare, Vote } from "@festina/types";
import type { PeerName, SignedRequest, TimerName } from "./input.ts";

/** What the core wants done. The host carries effects out in order; answers come back as inputs. */
export type BftEffect =
  /** Make a block on `parentHash` for `view`, or give the bytes of the pending boundary block again; answer `proposalBuilt`. */
  | {
      readonly kind: "buildProposal";
      readonly view: number;
      readonly parentHash: Hash32;
      readonly repropose: Hash32 | null;
    }
  /** Judge a proposal by the voting rules beyond consensus; answer `proposalChecked`. */
  | { readonly kind: "checkProposal"; readonly message: PrePrepare }
  /** Execute a block that was checked or fetched; its parent is executed. Answer `blockExecuted`. */
  | { readonly kind: "executeBlock"; readonly blockHash: Hash32 }
  /** Record durably, then sign; answer `signed`. No answer when the record forbids it. */
  | { readonly kind: "sign"; readonly request: SignedRequest }
  /** To all members. */
  | { readonly kind: "broadcastPrePrepare"; readonly message: PrePrepare }
  | { readonly kind: "broadcastVote"; readonly vote: Vote }
  | { readonly kind: "broadcastCertificate"; readonly certificate: Certificate }
  /** To one member that lags behind. */
  | { readonly kind: "sendCertificate"; readonly to: PeerName; readonly certificate: Certificate }
  /** Replaces the timer of that name. */
  | { readonly kind: "setTimer"; readonly timer: TimerName; readonly view: number; readonly atMs: number }
  | { readonly kind: "clearTimer"; readonly timer: TimerName }
  /** The block and all its uncommitted ancestors are final. */
  | {
      readonly kind: "commitBlock";
      readonly blockHash: Hash32;
      readonly height: number;
      readonly certificate: Certificate;
    }
  /** A COMMITTED or PREPARED block is not here: get it and its missing ancestors. `from` may be empty: ask anyone. */
  | { readonly kind: "requestBlock"; readonly blockHash: Hash32; readonly from: PeerName }
  /** Certificates of views `fromView` to `toView` are missing. */
  | {
      readonly kind: "requestCertificates";
      readonly fromView: number;
      readonly toView: number;
      readonly from: PeerName;
    }
  /** A member broke a rule provably or sent an invalid signature. */
  | { readonly kind: "reportFault"; readonly member: number; readonly code: FaultCode; readonly from: PeerName }
  /** For logs: a view ended without a block. */
  | { readonly kind: "viewSkipped"; readonly view: number; readonly leader: number }
  /** The boundary block is COMMITTED: this core is done, the host makes the next epoch's. */
  | { readonly kind: "epochEnded"; readonly blockHash: Hash32; readonly height: number };

export type FaultCode =
  | "FAULT_TWO_PROPOSALS"
  | "FAULT_TWO_VOTES"
  | "FAULT_COMMIT_AND_VIEW_CHANGE"
  | "FAULT_SIGNATURE"
  | "FAULT_PROPOSAL";
