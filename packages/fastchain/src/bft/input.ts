import type { Hash32 } from "@festina/primitives";
import type { Certificate, PrePrepare, Vote } from "@festina/types";

/** Whom a message came from; opaque to the core, handed back in effects that answer. */
export type PeerName = string;

export type TimerName = "propose" | "view" | "retry" | "spread";

/** What happens to a committee member. Every input carries the host's clock where time matters. */
export type BftInput =
  /** Once, by the host, before anything else. */
  | { readonly kind: "started"; readonly nowMs: number }
  /** From the network: a leader's proposal. */
  | {
      readonly kind: "prePrepareReceived";
      readonly message: PrePrepare;
      readonly from: PeerName;
      /** It came over a session that is proven to be the leader's: nobody else can have put it there. */
      readonly isFromLeader?: boolean;
      readonly nowMs: number;
    }
  /** From the network. */
  | { readonly kind: "voteReceived"; readonly vote: Vote; readonly from: PeerName; readonly nowMs: number }
  /** From the network, by itself or as the answer to `requestCertificates`. */
  | {
      readonly kind: "certificateReceived";
      readonly certificate: Certificate;
      readonly from: PeerName;
      readonly nowMs: number;
    }
  /** Answers `buildProposal`. The block is already executed. `null` when the host could not build. */
  | {
      readonly kind: "proposalBuilt";
      readonly view: number;
      readonly proposal: BuiltProposal | null;
      readonly nowMs: number;
    }
  /**
   * Answers `checkProposal`: the voting rules that need chain, clock and snail chain. Invalid: the block that the leader
   * signed breaks a rule. Garbled: this copy of the message does not fit the signed hash, which anybody on the way may
   * have caused. Unavailable: what the rules need could not be had; the view is given up, nobody is blamed.
   */
  | {
      readonly kind: "proposalChecked";
      readonly view: number;
      readonly blockHash: Hash32;
      readonly verdict: "valid" | "invalid" | "garbled" | "unavailable";
      readonly isBoundary: boolean;
      readonly nowMs: number;
    }
  /** Answers `executeBlock`. Unavailable: it could not be tried; the core asks again with the next retry. */
  | {
      readonly kind: "blockExecuted";
      readonly blockHash: Hash32;
      readonly verdict: "valid" | "invalid" | "unavailable";
      readonly isBoundary: boolean;
      readonly nowMs: number;
    }
  /** Answers `requestBlock`: the host holds the block now. */
  | {
      readonly kind: "blockFetched";
      readonly blockHash: Hash32;
      readonly parentHash: Hash32;
      readonly height: number;
      readonly nowMs: number;
    }
  /** Answers `sign`: the signature, after the record reached the disk. */
  | { readonly kind: "signed"; readonly request: SignedRequest; readonly signature: Uint8Array; readonly nowMs: number }
  /** A timer set by `setTimer` ran out. */
  | { readonly kind: "timerElapsed"; readonly timer: TimerName; readonly view: number; readonly nowMs: number }
  /** The host holds something worth a block, or no longer does. */
  | { readonly kind: "workChanged"; readonly hasWork: boolean; readonly nowMs: number }
  /** The host committed a block that it fetched with its certificate, outside this core. */
  | {
      readonly kind: "committedExternally";
      readonly certificate: Certificate;
      readonly height: number;
      readonly nowMs: number;
    };

export interface BuiltProposal {
  readonly blockHash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
  readonly envelope: Uint8Array;
  readonly reveal: Uint8Array;
  readonly isBoundary: boolean;
}

/** A proposal to be signed by the view's leader; the signature is its PREPARE too. */
export interface ProposalRequest {
  readonly kind: "prePrepare";
  readonly epoch: number;
  readonly view: number;
  readonly blockHash: Hash32;
}

export type VoteRequest =
  | { readonly kind: "prepare" | "commit"; readonly epoch: number; readonly view: number; readonly blockHash: Hash32 }
  | { readonly kind: "viewChange"; readonly epoch: number; readonly view: number };

export type SignedRequest = ProposalRequest | VoteRequest;
