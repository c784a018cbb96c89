// I4 on the level of whole nodes: whatever a key signs, in all lives of its node, never contradicts itself. Votes are sent
// again, and passed on by others, so what counts is what was signed and not when or by whom it was sent.
import type { PrePrepare, Vote } from "@festina/types";

/** By kind of vote: the block it names. */
type SignedInView = Partial<Record<Vote["kind"] | "prePrepare", string>>;

export interface Contradiction {
  readonly epoch: number;
  /** Position in the epoch's committee; `null` for the leader of the view. */
  readonly member: number | null;
  /** Who sent it, if it is a proposal. */
  readonly from: number | null;
  readonly what: string;
}

export class SignedVotes {
  readonly contradictions: Contradiction[] = [];
  readonly #signed = new Map<string, SignedInView>();

  onVote({ epoch, view, member, kind, blockHash }: Vote): void {
    const signed = this.#of(`${epoch}/${view}/${member}`);
    const tell = (what: string): void =>
      void this.contradictions.push({ epoch, member, from: null, what: `${what} in view ${epoch}/${view}` });
    if (signed[kind] === undefined) {
      if (kind === "commit" && signed.viewChange !== undefined) tell("COMMIT after VIEW-CHANGE");
      if (kind === "viewChange" && signed.commit !== undefined) tell("VIEW-CHANGE after COMMIT");
    } else if (signed[kind] !== blockHash) tell(`two votes of kind ${kind}`);
    signed[kind] ??= blockHash;
  }

  onProposal(from: number, { epoch, view, blockHash }: PrePrepare): void {
    const signed = this.#of(`${epoch}/${view}`);
    if (signed.prePrepare !== undefined && signed.prePrepare !== blockHash)
      this.contradictions.push({ epoch, member: null, from, what: `two proposals in view ${epoch}/${view}` });
    signed.prePrepare ??= blockHash;
  }

  #of(key: string): SignedInView {
    let signed = this.#signed.get(key);
    if (signed === undefined) {
      signed = {};
      this.#signed.set(key, signed);
    }
    return signed;
  }
}
