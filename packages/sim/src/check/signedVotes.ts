// I4 on the level of whole nodes: whatever a key signs, in all lives of its node, never contradicts itself. Votes are sent
// again, and passed on by others, so what counts is what was signed and not when or by whom it was sent.
import { leaderOf } from "@festina/fastchain";
import type { Committee, PrePrepare, Vote } from "@festina/types";

type Said = Pick<Vote, "kind" | "epoch" | "view" | "member" | "blockHash">;

/** By kind of vote: the block it names. */
type SignedInView = Partial<Record<Vote["kind"], string>>;

export interface Contradiction {
  readonly epoch: number;
  /** Position in the epoch's committee. */
  readonly member: number;
  readonly what: string;
}

interface ProposedView {
  readonly epoch: number;
  readonly view: number;
  readonly hashes: Set<string>;
}

export class SignedVotes {
  readonly #contradictions: Contradiction[] = [];
  readonly #signed = new Map<string, SignedInView>();
  readonly #proposed = new Map<string, ProposedView>();

  onVote({ epoch, view, member, kind, blockHash }: Said): void {
    const key = `${epoch}/${view}/${member}`;
    const signed = this.#signed.get(key) ?? {};
    this.#signed.set(key, signed);
    const tell = (what: string): void =>
      void this.#contradictions.push({ epoch, member, what: `${what} in view ${epoch}/${view}` });
    if (signed[kind] === undefined) {
      if (kind === "commit" && signed.viewChange !== undefined) tell("COMMIT after VIEW-CHANGE");
      if (kind === "viewChange" && signed.commit !== undefined) tell("VIEW-CHANGE after COMMIT");
    } else if (signed[kind] !== blockHash) tell(`two votes of kind ${kind}`);
    signed[kind] ??= blockHash;
  }

  /** Proposals are passed on, too: whoever sends one, its leader has signed it. */
  onProposal({ epoch, view, blockHash }: Pick<PrePrepare, "epoch" | "view" | "blockHash">): void {
    const key = `${epoch}/${view}`;
    const proposed = this.#proposed.get(key) ?? { epoch, view, hashes: new Set() };
    this.#proposed.set(key, proposed);
    proposed.hashes.add(blockHash);
  }

  /** A proposal is its leader's PREPARE, and who the leader is follows from the committee. */
  contradictions(committeeOf: (epoch: number) => Committee | undefined): readonly Contradiction[] {
    const found = [...this.#contradictions];
    for (const { epoch, view, hashes } of this.#proposed.values()) {
      const committee = committeeOf(epoch);
      if (committee === undefined) continue;
      const member = leaderOf(committee, view);
      const prepared = this.#signed.get(`${epoch}/${view}/${member}`)?.prepare;
      const named = new Set(prepared === undefined ? hashes : [...hashes, prepared]);
      if (named.size > 1) found.push({ epoch, member, what: `two proposals in view ${epoch}/${view}` });
    }
    return found;
  }
}
