import { unreachable } from "@festina/primitives";
import { type Certificate, type Committee, signerIndexes } from "@festina/types";
import { type BftConfig, type BftState, createBftState } from "./bftState.ts";
import { VOTE_OF } from "./certificates.ts";
import type { BftEffect } from "./effect.ts";
import { type Greeting, greetingOf } from "./greeting.ts";
import { onCertificate, onCommittedExternally } from "./handle/certificate.ts";
import { onBlockExecuted, onBlockFetched } from "./handle/executed.ts";
import { onPrePrepare } from "./handle/prePrepare.ts";
import { onSigned } from "./handle/signed.ts";
import { onTimerElapsed, onWorkChanged } from "./handle/timer.ts";
import { helpLaggard, onVote } from "./handle/vote.ts";
import { heldCertificates } from "./heldCertificates.ts";
import type { BftInput } from "./input.ts";
import { onProposalChecked } from "./prepare.ts";
import { onProposalBuilt } from "./propose.ts";
import { begin } from "./resume.ts";

function seatsOf({ members }: Committee, { signers }: Certificate): number {
  return signerIndexes(signers).reduce((sum, index) => sum + (members[index]?.seats ?? 0), 0);
}

/**
 * One member's part in finalising the blocks of one epoch (PBFT-S; DESIGN.md 3). A state machine: inputs in, effects
 * out; no clock, no keys, no I/O. The same inputs give the same effects.
 */
export class BftCore {
  readonly #state: BftState;

  constructor(config: BftConfig) {
    this.#state = createBftState(config);
  }

  get view(): number {
    return this.#state.view;
  }

  get hasEnded(): boolean {
    return this.#state.ended;
  }

  get committedHeight(): number {
    return this.#state.committed.height;
  }

  /** What is held in memory; stays bounded however long blocks are made and whatever peers send. */
  get held(): { readonly views: number; readonly votedViews: number; readonly blocks: number } {
    const { views, keeper, blocks } = this.#state;
    return { views: views.size, votedViews: keeper.size, blocks: blocks.size };
  }

  /** Certificates of a view that we hold, for members that ask. */
  certificates(view: number): readonly Certificate[] {
    return heldCertificates(this.#state, view);
  }

  /** For a peer that has just come. */
  greeting(): Greeting {
    return greetingOf(this.#state);
  }

  /** The certificate of all votes held for what this one certifies, late ones included; itself when that is no more. */
  fullest(certificate: Certificate): Certificate {
    const fuller = this.#state.keeper.join(VOTE_OF[certificate.kind], certificate.view, certificate.blockHash);
    const seats = (of: Certificate): number => seatsOf(this.#state.config.committee, of);
    return fuller !== null && seats(fuller) > seats(certificate) ? fuller : certificate;
  }

  step(input: BftInput): readonly BftEffect[] {
    const state = this.#state;
    if ("nowMs" in input) state.nowMs = input.nowMs;
    state.effects = [];
    if (!state.ended) this.#handle(input);
    // The epoch is over for us; whoever still votes in it has not seen its last certificate.
    else if (input.kind === "voteReceived") helpLaggard(state, state.committed.view, input.from);
    return state.effects;
  }

  #handle(input: BftInput): void {
    const state = this.#state;
    switch (input.kind) {
      case "started":
        return begin(state);
      case "prePrepareReceived":
        return onPrePrepare(state, input);
      case "voteReceived":
        return onVote(state, input.vote, input.from);
      case "certificateReceived":
        return onCertificate(state, input.certificate, input.from);
      case "proposalBuilt":
        return onProposalBuilt(state, input);
      case "proposalChecked":
        return onProposalChecked(state, input);
      case "blockExecuted":
        return onBlockExecuted(state, input);
      case "blockFetched":
        return onBlockFetched(state, input);
      case "signed":
        return onSigned(state, input);
      case "timerElapsed":
        return onTimerElapsed(state, input);
      case "workChanged":
        return onWorkChanged(state, input.hasWork);
      case "committedExternally":
        return onCommittedExternally(state, input.certificate, input.height);
      default:
        return unreachable(input);
    }
  }
}
