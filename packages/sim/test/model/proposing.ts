// What leaders do: propose as they should, or on whatever they like.
import type { Hash32 } from "@festina/primitives";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import { DrawnHappening, viewNear } from "./happening.ts";
import type { MemberUnderTest } from "./memberUnderTest.ts";
import { BYZANTINE, leaderAt, MEMBERS, OWN, type Proposal, type Shown, type VotingModel } from "./votingModel.ts";

interface ProposeDraw {
  readonly offset: number;
  readonly isTrue: boolean;
  readonly isHeard: boolean;
}

/** A leader proposes: honest ones once and on the newest certified block, the Byzantine one as often as it likes. */
export class Propose extends DrawnHappening<ProposeDraw> {
  isPossible(model: Readonly<VotingModel>): boolean {
    const view = viewNear(model, this.draw.offset);
    const leader = leaderAt(view);
    const isFree = leader === BYZANTINE || !model.proposals.has(view);
    return leader !== OWN && isFree && model.parentFor(view) !== null;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const view = viewNear(model, this.draw.offset);
    const parent = model.parentFor(view);
    if (parent === null) return;
    const { parentView, parentHash } = parent;
    const again = model.proposalOn(view, parent);
    if (again !== null) {
      model.addProposal(again);
      if (this.draw.isHeard) hear(again, model, real);
      return;
    }
    const hash = `0x${model.blocks.size.toString(16).padStart(64, "0")}` as Hash32;
    const height = (model.blocks.get(parentHash)?.height ?? 0) + 1;
    const isTrue = this.draw.isTrue || leaderAt(view) !== BYZANTINE;
    const proposal: Proposal = { view, block: { hash, parentHash, height, isTrue }, parentView, isAgain: false };
    model.blocks.set(hash, proposal.block);
    model.addProposal(proposal);
    if (this.draw.isHeard) hear(proposal, model, real);
  }

  toString(): string {
    return `propose(${this.draw.offset}${this.draw.isTrue ? "" : ", false root"}${this.draw.isHeard ? "" : ", unheard"})`;
  }
}

interface ProposeAnywhereDraw {
  readonly below: number;
  readonly isShown: boolean;
  /** The very block, once more. */
  readonly isAgain: boolean;
}

/** A Byzantine leader stands on a block of its choice and shows what there is for it, or nothing. */
export class ProposeAnywhere extends DrawnHappening<ProposeAnywhereDraw> {
  /** A true block that was proposed that many views below, or the epoch's base. */
  #parent(model: Readonly<VotingModel>): Proposal["block"] | undefined {
    const at = model.view - this.draw.below;
    if (at <= 0) return model.blocks.get(GENESIS_HASH);
    return model.proposals.get(at)?.find(({ block }) => block.isTrue)?.block;
  }

  isPossible(model: Readonly<VotingModel>): boolean {
    return leaderAt(model.view) === BYZANTINE && this.#parent(model) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const parent = this.#parent(model);
    if (parent === undefined) return;
    const { view } = model;
    const hash = `0x${model.blocks.size.toString(16).padStart(64, "0")}` as Hash32;
    const parentView = Math.max(0, view - this.draw.below);
    const isAgain = this.draw.isAgain && model.quorum("prepare", parentView, parent.hash) !== null;
    const next = { hash, parentHash: parent.hash, height: parent.height + 1, isTrue: true };
    const proposal: Proposal = { view, block: isAgain ? parent : next, parentView, isAgain };
    model.blocks.set(proposal.block.hash, proposal.block);
    model.addProposal(proposal);
    hear(proposal, model, real, this.draw.isShown || isAgain);
  }

  toString(): string {
    return `propose${this.draw.isAgain ? "Again" : "On"}(${this.draw.below} below${this.draw.isShown ? "" : ", nothing shown"})`;
  }
}

const NOTHING_SHOWN: Shown = { hasParent: false, skips: [] };

function hear(proposal: Proposal, model: VotingModel, real: MemberUnderTest, isShown = true): void {
  const shown = isShown ? model.allShown(proposal) : { ...NOTHING_SHOWN, hasParent: proposal.parentView === 0 };
  const { view } = proposal;
  const message = real.prePrepare(proposal, shown, leaderAt(view));
  model.hearProposal(proposal, shown);
  // Whether it comes from the leader itself or by way of others makes no difference.
  real.feed({ kind: "prePrepareReceived", message, from: "x", isFromLeader: view % 2 === 0, nowMs: 0 });
}

interface HearProposalDraw {
  readonly offset: number;
  readonly choice: number;
  readonly isSignedByLeader: boolean;
}

/** A proposal that was made earlier comes, perhaps again. */
export class HearProposal extends DrawnHappening<HearProposalDraw> {
  #proposal(model: Readonly<VotingModel>): Proposal | undefined {
    const proposals = model.proposals.get(viewNear(model, this.draw.offset)) ?? [];
    return proposals[this.draw.choice % Math.max(1, proposals.length)];
  }

  isPossible(model: Readonly<VotingModel>): boolean {
    return this.#proposal(model) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const proposal = this.#proposal(model);
    if (proposal === undefined) return;
    if (this.draw.isSignedByLeader) hear(proposal, model, real);
    else {
      const stranger = (leaderAt(proposal.view) + 1) % MEMBERS;
      const message = real.prePrepare(proposal, model.allShown(proposal), stranger);
      real.feed({ kind: "prePrepareReceived", message, from: "x", nowMs: 0 });
    }
  }

  toString(): string {
    return `hearProposal(${this.draw.offset}, ${this.draw.choice}${this.draw.isSignedByLeader ? "" : ", by a stranger"})`;
  }
}
