import type { Hash32 } from "@festina/primitives";
import type { Certificate, Evidence, PrePrepare, Vote } from "@festina/types";
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
  /** To all peers, members or not, `except` these. */
  | {
      readonly kind: "broadcastCertificate";
      readonly certificate: Certificate;
      readonly except: ReadonlySet<PeerName>;
    }
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
  /** Proof that members broke the voting rules: keep it, spread it, put it into a block. */
  | { readonly kind: "misbehaviourSeen"; readonly evidence: Evidence; readonly from: PeerName }
  /** What this peer sent is not by whom it names, or does not fit what was signed. Proves nothing against a member. */
  | { readonly kind: "senderBlamed"; readonly from: PeerName; readonly code: BlameCode }
  /** For logs: the view's leader has signed a block that breaks a rule. The view is given up, nobody is punished. */
  | { readonly kind: "proposalRefused"; readonly view: number; readonly leader: number; readonly blockHash: Hash32 }
  /** For logs: a view ended without a block. */
  | { readonly kind: "viewSkipped"; readonly view: number; readonly leader: number }
  /** The boundary block is COMMITTED: this core is done, the host makes the next epoch's. */
  | { readonly kind: "epochEnded"; readonly blockHash: Hash32; readonly height: number };

export type BlameCode =
  /** A vote whose signature does not verify. */
  | "BLAME_VOTE_SIGNATURE"
  /** A PRE-PREPARE that the view's leader has not signed. */
  | "BLAME_PROPOSAL_SIGNATURE"
  /** The part of a PRE-PREPARE that is not signed is broken; the leader's own copy may be whole. */
  | "BLAME_PROPOSAL_COPY"
  | "BLAME_CERTIFICATE";
