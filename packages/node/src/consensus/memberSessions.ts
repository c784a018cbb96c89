// Which peer is which validator: everyone shows its peers a signature by its voting key over the key of its sessions. What
// comes over such a session can come from nobody else.
import { keccakHash, type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { leaderOf } from "@festina/fastchain";
import { bytesToHex, type Hex, hexToBytes } from "@festina/primitives";
import type { Committee, PrePrepare, Vote } from "@festina/types";

/** Says that `publicKey`, of a validator, is that of the node at this end of the session. */
export interface SessionProof {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

interface Shown {
  readonly publicKey: Hex;
  readonly signature: Uint8Array;
  verdict: "unknown" | "true" | "false";
}

/** The bytes that are signed: a node's id is the key that its sessions are proven with. */
export function sessionMessage(chain: Omit<SigningContext, "epoch">, nodeId: Hex): Uint8Array {
  return signingMessage({ ...chain, epoch: 0 }, "session", 0, keccakHash(hexToBytes(nodeId)));
}

/** One proof per connected peer. Most are never needed: a proof is verified when its key's turn to propose comes. */
export class MemberSessions {
  readonly #suite: SignatureSuite;
  readonly #chain: Omit<SigningContext, "epoch">;
  readonly #shown = new Map<string, Shown>();

  constructor(suite: SignatureSuite, chain: Omit<SigningContext, "epoch">) {
    this.#suite = suite;
    this.#chain = chain;
  }

  /** A peer shows a proof; the newest counts. */
  onShown(peer: string, { publicKey, signature }: SessionProof): void {
    const name = bytesToHex(publicKey);
    const before = this.#shown.get(peer);
    if (before?.publicKey === name && before.verdict === "true") return;
    this.#shown.set(peer, { publicKey: name, signature, verdict: "unknown" });
  }

  onGone(peer: string): void {
    this.#shown.delete(peer);
  }

  /** Votes are told by their members only, so whoever tells another's has made it up. */
  isFromVoter({ epoch, member }: Vote, peer: string, committee: Committee): boolean {
    const voter = epoch === committee.epoch ? committee.members[member] : undefined;
    return voter !== undefined && this.isHeldBy(peer, voter.publicKey);
  }

  isFromLeader({ epoch, view }: PrePrepare, peer: string, committee: Committee): boolean {
    const leader = epoch === committee.epoch ? committee.members[leaderOf(committee, view)] : undefined;
    return leader !== undefined && this.isHeldBy(peer, leader.publicKey);
  }

  /** Whether the proof is that of a session, or a record, of this node. */
  isProven(nodeId: string, { publicKey, signature }: SessionProof): boolean {
    return this.#suite.verify(publicKey, sessionMessage(this.#chain, nodeId as Hex), signature);
  }

  /** Whether the peer has proven to hold this key. */
  isHeldBy(peer: string, publicKey: Hex): boolean {
    const shown = this.#shown.get(peer);
    if (shown?.publicKey !== publicKey) return false;
    if (shown.verdict === "unknown") {
      const isTrue = this.isProven(peer, { publicKey: hexToBytes(publicKey), signature: shown.signature });
      shown.verdict = isTrue ? "true" : "false";
    }
    return shown.verdict === "true";
  }
}
