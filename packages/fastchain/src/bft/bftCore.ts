import { hexToBytes, unreachable } from "@festina/primitives";
import { type Certificate, faultySeatsMax, type PrePrepare, type Vote } from "@festina/types";
import { type BftConfig, type BftState, type BlockState, createBftState, VIEW_WINDOW, viewState } from "./bftState.ts";
import { verifyCertificate, voteMessage } from "./certificates.ts";
import type { BftEffect } from "./effect.ts";
import type { BftInput, PeerName } from "./input.ts";
import { leaderOf } from "./leader.ts";
import { verifyJustification, verifyLeader } from "./prePrepareRules.ts";
import { onProposalChecked, tryPrepare } from "./prepare.ts";
import { absorbCertificate, certify, enterView, settle, startViewTimer, tryCommit } from "./progress.ts";
import { composePrePrepare, onProposalBuilt, planProposal } from "./propose.ts";
import { requireBlock } from "./requireBlock.ts";
import { giveUpView, ownVote } from "./signing.ts";
import type { Tally } from "./voteKeeper.ts";

/** Views whose votes and certificates are repeated at once. */
const REPEATED_VIEWS_MAX = 16;

/**
 * One member's part in finalising the blocks of one epoch (PBFT-S; reference: consensus-and-reliability 1.5). A state
 * machine: inputs in, effects out; no clock, no keys, no I/O. The same inputs give the same effects.
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

  /** Certificates of a view that we hold, for members that ask. */
  certificates(view: number): readonly Certificate[] {
    const known = this.#state.views.get(view);
    const held = view === this.#state.committed.view ? this.#state.committed.certificate : null;
    return [known?.committed ?? held, known?.prepared, known?.skipped].filter((certificate) => certificate != null);
  }

  step(input: BftInput): readonly BftEffect[] {
    const state = this.#state;
    if ("nowMs" in input) state.nowMs = input.nowMs;
    state.effects = [];
    if (!state.ended) this.#handle(input);
    // The epoch is over for us; whoever still votes in it has not seen its last certificate.
    else if (input.kind === "voteReceived") this.#helpLaggard(state.committed.view, input.from);
    return state.effects;
  }

  #handle(input: BftInput): void {
    const state = this.#state;
    switch (input.kind) {
      case "started":
        return enterView(state, state.view + 1);
      case "prePrepareReceived":
        return this.#onPrePrepare(input.message, input.from);
      case "voteReceived":
        return this.#onVote(input.vote, input.from);
      case "certificateReceived":
        return this.#onCertificate(input.certificate, input.from);
      case "proposalBuilt":
        return onProposalBuilt(state, input);
      case "proposalChecked":
        return onProposalChecked(state, input);
      case "blockExecuted":
        return this.#onExecuted(input);
      case "blockFetched":
        return this.#onFetched(input);
      case "signed":
        return this.#onSigned(input);
      case "timerElapsed":
        return this.#onTimer(input);
      case "workChanged":
        return this.#onWork(input.hasWork);
      case "committedExternally":
        return this.#onCommittedExternally(input.certificate, input.height);
      default:
        return unreachable(input);
    }
  }

  #onPrePrepare(message: PrePrepare, from: PeerName): void {
    const state = this.#state;
    const isNear = message.view > state.committed.view && message.view <= state.view + VIEW_WINDOW;
    const known = isNear ? viewState(state, message.view) : null;
    if (known?.proposal?.blockHash === message.blockHash) return;
    if (known === null || !verifyLeader(state, message).ok) return;
    if (known.proposal !== null) {
      const member = leaderOf(state.config.committee, message.view);
      state.effects.push({ kind: "reportFault", member, code: "FAULT_TWO_PROPOSALS", from });
      if (message.view === state.view) giveUpView(state);
      return;
    }
    const justification = verifyJustification(state, message);
    if (!justification.ok) {
      if (message.view === state.view) giveUpView(state);
      return;
    }
    known.proposal = message;
    known.proposalFrom = from;
    for (const certificate of justification.value) absorbCertificate(state, certificate, from);
    tryPrepare(state, message.view);
  }

  #onVote(vote: Vote, from: PeerName): void {
    const state = this.#state;
    const { committee } = state.config;
    if (vote.epoch !== committee.epoch || committee.members[vote.member] === undefined) return;
    if (vote.view <= state.committed.view || vote.view > state.view + VIEW_WINDOW)
      return this.#helpLaggard(vote.view, from);
    if (vote.view < state.view) this.#helpLaggard(vote.view, from);
    const previous = state.keeper.previous(vote);
    if (previous !== undefined && this.#resolveConflict(previous, vote, from)) return;
    this.#count(state.keeper.add(vote), from);
    this.#followViewChange(vote);
  }

  /**
   * A second vote in a slot that is taken. Either the member signed two, or somebody else filled the slot in its name:
   * signatures decide. True when the new vote is of no use.
   */
  #resolveConflict(previous: Vote, vote: Vote, from: PeerName): boolean {
    const state = this.#state;
    const isSame = previous.blockHash === vote.blockHash && String(previous.signature) === String(vote.signature);
    if (isSame || !this.#verifyVote(vote)) return true;
    if (this.#verifyVote(previous)) {
      const isDouble = previous.blockHash !== vote.blockHash;
      if (isDouble) state.effects.push({ kind: "reportFault", member: vote.member, code: "FAULT_TWO_VOTES", from });
      return true;
    }
    state.keeper.drop(previous);
    return false;
  }

  #verifyVote(vote: Vote): boolean {
    const { committee, context, suite } = this.#state.config;
    const member = committee.members[vote.member];
    const message = voteMessage(context, vote.kind, vote.view, vote.blockHash);
    return member !== undefined && suite.verify(hexToBytes(member.publicKey), message, vote.signature);
  }

  #count(tally: Tally, from: PeerName): void {
    const state = this.#state;
    for (const member of tally.liars)
      state.effects.push({ kind: "reportFault", member, code: "FAULT_SIGNATURE", from });
    if (tally.certificate === null) return;
    state.effects.push({ kind: "broadcastCertificate", certificate: tally.certificate });
    absorbCertificate(state, tally.certificate, from);
  }

  /** The leader itself has given up, or more than could all be faulty have: waiting on is of no use. */
  #followViewChange(vote: Vote): void {
    const state = this.#state;
    const { committee } = state.config;
    if (vote.kind !== "viewChange" || vote.view !== state.view) return;
    const isLeaders = vote.member === leaderOf(committee, vote.view) && this.#verifyVote(vote);
    if (isLeaders || state.keeper.weight(vote.view, "viewChange") > faultySeatsMax(committee)) giveUpView(state);
  }

  #helpLaggard(view: number, to: PeerName): void {
    const { committed } = this.#state;
    const [certificate] = view <= committed.view ? [committed.certificate] : this.certificates(view);
    if (certificate != null) this.#state.effects.push({ kind: "sendCertificate", to, certificate });
  }

  #onCertificate(certificate: Certificate, from: PeerName): void {
    const state = this.#state;
    const { committee, context, suite } = state.config;
    if (certificate.view <= state.committed.view) return;
    const known = state.views.get(certificate.view);
    const held = { prepared: known?.prepared, committed: known?.committed, skipped: known?.skipped }[certificate.kind];
    if (held != null || !verifyCertificate(certificate, committee, context, suite).ok) return;
    absorbCertificate(state, certificate, from);
    tryPrepare(state, state.view);
  }

  #onExecuted(input: Extract<BftInput, { kind: "blockExecuted" }>): void {
    const state = this.#state;
    const block = state.blocks.get(input.blockHash);
    if (block === undefined || block.executed !== "asked") return;
    block.executed = input.verdict;
    block.isBoundary = input.isBoundary;
    if (input.verdict === "invalid") {
      if (state.views.get(state.view)?.proposal?.blockHash === block.hash) giveUpView(state);
      return;
    }
    this.#resume(block);
  }

  /** Everything that waited for this block to be executed. */
  #resume(block: BlockState): void {
    const state = this.#state;
    for (const child of [...state.blocks.values()]) if (child.parentHash === block.hash) this.#wanted(child);
    for (const view of [...state.views.keys()].sort((a, b) => a - b)) {
      const known = state.views.get(view);
      if (known?.prepared?.blockHash === block.hash) certify(state, view);
      if (known?.committed != null) tryCommit(state, known.committed);
    }
    tryPrepare(state, state.view);
    planProposal(state);
  }

  /** Executes a block that waited for its parent, if a proposal or certificate asks for it. */
  #wanted(block: BlockState): void {
    if (block.executed === "no") requireBlock(this.#state, block.hash, "");
  }

  #onFetched(input: Extract<BftInput, { kind: "blockFetched" }>): void {
    const state = this.#state;
    const { blockHash, parentHash, height } = input;
    if (height <= state.committed.height) return;
    if (!state.blocks.has(blockHash))
      state.blocks.set(blockHash, { hash: blockHash, parentHash, height, executed: "no", isBoundary: false });
    requireBlock(state, blockHash, "");
  }

  #onSigned({ request, signature }: Extract<BftInput, { kind: "signed" }>): void {
    const state = this.#state;
    if (request.kind !== "prePrepare") {
      const vote = ownVote(state, request, signature);
      state.effects.push({ kind: "broadcastVote", vote });
      this.#count(state.keeper.add(vote), "");
      return;
    }
    const message = composePrePrepare(state, request, signature);
    if (message === null) return;
    const current = viewState(state, request.view);
    current.proposal = message;
    current.checked = "asked";
    state.effects.push({ kind: "broadcastPrePrepare", message });
    const isBoundary = state.blocks.get(message.blockHash)?.isBoundary ?? false;
    onProposalChecked(state, {
      kind: "proposalChecked",
      view: message.view,
      blockHash: message.blockHash,
      verdict: "valid",
      isBoundary,
      nowMs: state.nowMs,
    });
  }

  #onTimer({ timer, view }: Extract<BftInput, { kind: "timerElapsed" }>): void {
    const state = this.#state;
    if (view !== state.view) return;
    if (timer === "propose") planProposal(state);
    else if (timer === "view") giveUpView(state);
    else this.#repeat();
  }

  /** Messages get lost: what we have said since the last commit, and the certificates that brought us here, go out again. */
  #repeat(): void {
    const state = this.#state;
    const { view, committed, keeper } = state;
    const own = state.config.ownMember ?? -1;
    const tip = this.certificates(view - 1);
    const isTailOpen = [...state.views.values()].some(
      ({ prepared }) => prepared !== null && prepared.view > committed.view,
    );
    for (let at = Math.max(committed.view + 1, view - REPEATED_VIEWS_MAX); at <= view; at++) {
      for (const kind of ["prepare", "commit", "viewChange"] as const) {
        const vote = keeper.of(at, kind, own);
        if (vote !== undefined) state.effects.push({ kind: "broadcastVote", vote });
      }
    }
    const proposal = state.views.get(view)?.proposal;
    if (proposal != null && leaderOf(state.config.committee, view) === own)
      state.effects.push({ kind: "broadcastPrePrepare", message: proposal });
    const isWaiting = state.record.view === view || isTailOpen;
    if (isWaiting) for (const certificate of tip) state.effects.push({ kind: "broadcastCertificate", certificate });
    if (isTailOpen && !state.tailDue) {
      state.tailDue = true;
      this.#hurry();
    }
    if (state.views.get(view)?.prepared != null) this.#requireCertified(view);
    planProposal(state);
    state.effects.push({ kind: "setTimer", timer: "retry", view, atMs: state.nowMs + 4 * state.deltaMs });
  }

  #requireCertified(view: number): void {
    const prepared = this.#state.views.get(view)?.prepared;
    if (prepared != null) requireBlock(this.#state, prepared.blockHash, "");
  }

  #onWork(hasWork: boolean): void {
    const state = this.#state;
    const began = hasWork && !state.hasWork;
    state.hasWork = hasWork;
    if (began) this.#hurry();
  }

  /** Work has come into an idle view: its leader proposes now, the others wait no longer for the heartbeat. */
  #hurry(): void {
    const state = this.#state;
    planProposal(state);
    if (!state.isHurried && state.views.get(state.view)?.proposal == null) startViewTimer(state);
  }

  #onCommittedExternally(certificate: Certificate, height: number): void {
    const state = this.#state;
    if (height <= state.committed.height) return;
    const { blockHash } = certificate;
    state.blocks.set(blockHash, {
      hash: blockHash,
      parentHash: blockHash,
      height,
      executed: "valid",
      isBoundary: false,
    });
    settle(state, certificate, height);
    enterView(state, certificate.view + 1);
    const committed = state.blocks.get(blockHash);
    if (committed !== undefined) this.#resume(committed);
  }
}
