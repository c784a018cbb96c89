// What can happen to the member: the same to the model and to the core, after which both must have said the same.

import type { Hash32 } from "@festina/primitives";
import { VOTE_KINDS, type VoteKind } from "@festina/types";
import fc from "fast-check";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import type { MemberUnderTest } from "./memberUnderTest.ts";
import { BYZANTINE, leaderAt, MEMBERS, OWN, type Proposal, type Shown, type VotingModel } from "./votingModel.ts";

type Command = fc.Command<VotingModel, MemberUnderTest>;

function compare(model: VotingModel, real: MemberUnderTest): void {
  const expected = `${[...model.signed].sort().join(", ")}; view ${model.view}, height ${model.committedHeight}`;
  const { core } = real;
  const found = `${[...real.signed].sort().join(", ")}; view ${core.view}, height ${core.committedHeight}`;
  if (found !== expected) throw new Error(`the model signs ${expected}\nthe core signs ${found}`);
  for (const member of real.accused) if (member !== BYZANTINE) throw new Error(`member ${member} is accused`);
  model.signed = [];
  real.signed = [];
}

abstract class Happening implements Command {
  abstract check(model: Readonly<VotingModel>): boolean;
  abstract happen(model: VotingModel, real: MemberUnderTest): void;
  abstract toString(): string;

  run(model: VotingModel, real: MemberUnderTest): void {
    this.happen(model, real);
    // A leader that lacked certificates tries again now and then.
    model.propose();
    real.feed({ kind: "timerElapsed", timer: "retry", view: real.core.view, nowMs: 0 });
    compare(model, real);
  }
}

/** Views a little behind, at, and a little ahead of ours. */
const viewNear = (model: Readonly<VotingModel>, offset: number): number => Math.max(1, model.view + offset - 1);

/** A leader proposes: honest ones once and on the newest certified block, the Byzantine one as often as it likes. */
class Propose extends Happening {
  readonly #offset: number;
  readonly #isTrue: boolean;
  readonly #isHeard: boolean;

  constructor(offset: number, isTrue: boolean, isHeard: boolean) {
    super();
    this.#offset = offset;
    this.#isTrue = isTrue;
    this.#isHeard = isHeard;
  }

  check(model: Readonly<VotingModel>): boolean {
    const view = viewNear(model, this.#offset);
    const leader = leaderAt(view);
    const isFree = leader === BYZANTINE || !model.proposals.has(view);
    return leader !== OWN && isFree && model.parentFor(view) !== null;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const view = viewNear(model, this.#offset);
    const parent = model.parentFor(view);
    if (parent === null) return;
    const { parentView, parentHash } = parent;
    const hash = `0x${model.blocks.size.toString(16).padStart(64, "0")}` as Hash32;
    const height = (model.blocks.get(parentHash)?.height ?? 0) + 1;
    const isTrue = this.#isTrue || leaderAt(view) !== BYZANTINE;
    const proposal: Proposal = { view, block: { hash, parentHash, height, isTrue }, parentView };
    model.blocks.set(hash, proposal.block);
    model.proposals.set(view, [...(model.proposals.get(view) ?? []), proposal]);
    if (this.#isHeard) hear(proposal, model, real);
  }

  toString(): string {
    return `propose(${this.#offset}${this.#isTrue ? "" : ", false root"}${this.#isHeard ? "" : ", unheard"})`;
  }
}

/** A Byzantine leader stands on a block of its choice and shows what there is for it, or nothing. */
class ProposeAnywhere extends Happening {
  readonly #below: number;
  readonly #isShown: boolean;

  constructor(below: number, isShown: boolean) {
    super();
    this.#below = below;
    this.#isShown = isShown;
  }

  /** A true block that was proposed that many views below, or the epoch's base. */
  #parent(model: Readonly<VotingModel>): Proposal["block"] | undefined {
    const at = model.view - this.#below;
    if (at <= 0) return model.blocks.get(GENESIS_HASH);
    return model.proposals.get(at)?.find(({ block }) => block.isTrue)?.block;
  }

  check(model: Readonly<VotingModel>): boolean {
    return leaderAt(model.view) === BYZANTINE && this.#parent(model) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const parent = this.#parent(model);
    if (parent === undefined) return;
    const { view } = model;
    const hash = `0x${model.blocks.size.toString(16).padStart(64, "0")}` as Hash32;
    const block = { hash, parentHash: parent.hash, height: parent.height + 1, isTrue: true };
    const proposal: Proposal = { view, block, parentView: Math.max(0, view - this.#below) };
    model.blocks.set(hash, block);
    model.proposals.set(view, [...(model.proposals.get(view) ?? []), proposal]);
    hear(proposal, model, real, this.#isShown);
  }

  toString(): string {
    return `proposeOn(${this.#below} below${this.#isShown ? "" : ", nothing shown"})`;
  }
}

const NOTHING_SHOWN: Shown = { hasParent: false, skips: [] };

function hear(proposal: Proposal, model: VotingModel, real: MemberUnderTest, isShown = true): void {
  const shown = isShown ? model.allShown(proposal) : { ...NOTHING_SHOWN, hasParent: proposal.parentView === 0 };
  const message = real.prePrepare(proposal, shown, leaderAt(proposal.view));
  model.hearProposal(proposal, shown);
  real.feed({ kind: "prePrepareReceived", message, from: "x", nowMs: 0 });
}

/** A proposal that was made earlier comes, perhaps again. */
class HearProposal extends Happening {
  readonly #offset: number;
  readonly #choice: number;
  readonly #isSignedByLeader: boolean;

  constructor(offset: number, choice: number, isSignedByLeader: boolean) {
    super();
    this.#offset = offset;
    this.#choice = choice;
    this.#isSignedByLeader = isSignedByLeader;
  }

  #proposal(model: Readonly<VotingModel>): Proposal | undefined {
    const proposals = model.proposals.get(viewNear(model, this.#offset)) ?? [];
    return proposals[this.#choice % Math.max(1, proposals.length)];
  }

  check(model: Readonly<VotingModel>): boolean {
    return this.#proposal(model) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const proposal = this.#proposal(model);
    if (proposal === undefined) return;
    if (this.#isSignedByLeader) hear(proposal, model, real);
    else {
      const stranger = (leaderAt(proposal.view) + 1) % MEMBERS;
      const message = real.prePrepare(proposal, model.allShown(proposal), stranger);
      real.feed({ kind: "prePrepareReceived", message, from: "x", nowMs: 0 });
    }
  }

  toString(): string {
    return `hearProposal(${this.#offset}, ${this.#choice}${this.#isSignedByLeader ? "" : ", by a stranger"})`;
  }
}

interface VoteDraw {
  readonly member: number;
  readonly kind: VoteKind;
  readonly offset: number;
  readonly choice: number;
}

/** The hash that a draw means; `undefined` when nothing was proposed there. */
function hashOf(model: Readonly<VotingModel>, { kind, offset, choice }: VoteDraw): Hash32 | null | undefined {
  if (kind === "viewChange") return null;
  const proposals = model.proposals.get(viewNear(model, offset)) ?? [];
  return proposals[choice % Math.max(1, proposals.length)]?.block.hash;
}

/** Another member votes; we hear of it now, later, or through a certificate. */
class CastVote extends Happening {
  readonly #draw: VoteDraw;
  readonly #isHeard: boolean;

  constructor(draw: VoteDraw, isHeard: boolean) {
    super();
    this.#draw = draw;
    this.#isHeard = isHeard;
  }

  check(model: Readonly<VotingModel>): boolean {
    const hash = hashOf(model, this.#draw);
    const { member, kind, offset } = this.#draw;
    return hash !== undefined && model.mayCast(member, kind, viewNear(model, offset), hash);
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const { member, kind, offset } = this.#draw;
    const view = viewNear(model, offset);
    const hash = hashOf(model, this.#draw);
    if (hash === undefined) return;
    model.record(member, kind, view, hash);
    if (!this.#isHeard) return;
    const vote = real.vote(member, kind, view, hash);
    model.hearVote(member, kind, view, hash);
    real.feed({ kind: "voteReceived", vote, from: "x", nowMs: 0 });
  }

  toString(): string {
    const { member, kind, offset, choice } = this.#draw;
    return `vote(${member} ${kind} ${offset} ${choice}${this.#isHeard ? "" : ", unheard"})`;
  }
}

/** Everybody else says the same, one after the other. */
class CastAll extends Happening {
  readonly #kind: VoteKind;
  readonly #offset: number;

  constructor(kind: VoteKind, offset: number) {
    super();
    this.#kind = kind;
    this.#offset = offset;
  }

  check(model: Readonly<VotingModel>): boolean {
    return hashOf(model, { member: BYZANTINE, kind: this.#kind, offset: this.#offset, choice: 0 }) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const kind = this.#kind;
    const view = viewNear(model, this.#offset);
    const hash = hashOf(model, { member: BYZANTINE, kind, offset: this.#offset, choice: 0 });
    if (hash === undefined) return;
    for (let member = 1; member < MEMBERS; member++) {
      if (!model.mayCast(member, kind, view, hash)) continue;
      model.record(member, kind, view, hash);
      const vote = real.vote(member, kind, view, hash);
      model.hearVote(member, kind, view, hash);
      real.feed({ kind: "voteReceived", vote, from: "x", nowMs: 0 });
    }
  }

  toString(): string {
    return `all(${this.#kind} ${this.#offset})`;
  }
}

let forgeries = 0;

/** Somebody speaks in another's name. */
class ForgeVote extends Happening {
  readonly #draw: VoteDraw;

  constructor(draw: VoteDraw) {
    super();
    this.#draw = draw;
  }

  check(model: Readonly<VotingModel>): boolean {
    return hashOf(model, this.#draw) !== undefined;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const { member, kind, offset } = this.#draw;
    const hash = hashOf(model, this.#draw);
    if (hash === undefined) return;
    const vote = real.vote(member, kind, viewNear(model, offset), hash);
    // Each forgery differs from the truth in its own way: errors that are equal cancel out in an aggregate of this suite.
    forgeries += 1;
    const signature = vote.signature.map((byte, at) => byte ^ (forgeries >>> (8 * (at % 4))) ^ (at << 3));
    real.feed({ kind: "voteReceived", vote: { ...vote, signature }, from: "x", nowMs: 0 });
  }

  toString(): string {
    const { member, kind, offset, choice } = this.#draw;
    return `forge(${member} ${kind} ${offset} ${choice})`;
  }
}

/** A certificate that exists in the world reaches us. */
class HearCertificate extends Happening {
  readonly #draw: VoteDraw;
  /** As a final block that was fetched with its certificate. */
  readonly #isFromOutside: boolean;

  constructor(draw: VoteDraw, isFromOutside: boolean) {
    super();
    this.#draw = draw;
    this.#isFromOutside = isFromOutside;
  }

  check(model: Readonly<VotingModel>): boolean {
    const hash = hashOf(model, this.#draw);
    const { kind, offset } = this.#draw;
    return hash !== undefined && model.quorum(kind, viewNear(model, offset), hash) !== null;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const { kind, offset } = this.#draw;
    const view = viewNear(model, offset);
    const hash = hashOf(model, this.#draw);
    const certificate = hash === undefined ? null : real.certificate(kind, view, hash);
    if (certificate === null) return;
    if (this.#isFromOutside && kind === "commit" && hash != null) {
      model.learnCommitted(view, hash);
      real.commitFromOutside(certificate);
      return;
    }
    if (model.learn(certificate.kind, view, hash ?? null)) model.retryWaiting();
    real.feed({ kind: "certificateReceived", certificate, from: "x", nowMs: 0 });
  }

  toString(): string {
    const { kind, offset, choice } = this.#draw;
    return `certificate(${kind} ${offset} ${choice})`;
  }
}

class TimerRunsOut extends Happening {
  readonly #timer: "view" | "retry";

  constructor(timer: "view" | "retry") {
    super();
    this.#timer = timer;
  }

  check(): boolean {
    return true;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    const { view } = model;
    if (this.#timer === "view") model.giveUp();
    real.feed({ kind: "timerElapsed", timer: this.#timer, view, nowMs: 0 });
  }

  toString(): string {
    return `timer(${this.#timer})`;
  }
}

class Restart extends Happening {
  check(): boolean {
    return true;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    model.restart();
    real.restart();
  }

  toString(): string {
    return "restart()";
  }
}

const offset = fc.integer({ min: 0, max: 3 });
const choice = fc.nat({ max: 1 });
const draw = fc.record({
  member: fc.integer({ min: 1, max: MEMBERS - 1 }),
  kind: fc.constantFrom(...VOTE_KINDS),
  offset,
  choice,
});
/** Mostly the present view and the common way: else nothing ever comes to a quorum. */
const nearDraw = fc.record({
  member: draw.map(({ member }) => member),
  kind: fc.constantFrom(...VOTE_KINDS),
  offset: fc.constantFrom(0, 1, 1, 1),
  choice: fc.constant(0),
});
const likely = fc.constantFrom(true, true, true, false);

export const happenings: fc.Arbitrary<Command>[] = [
  fc.tuple(offset, likely, likely).map(([at, isTrue, isHeard]) => new Propose(at, isTrue, isHeard)),
  fc.tuple(likely, likely).map(([isTrue, isHeard]) => new Propose(1, isTrue, isHeard)),
  fc.tuple(offset, choice, likely).map(([at, which, isSigned]) => new HearProposal(at, which, isSigned)),
  fc.tuple(draw, likely).map(([what, isHeard]) => new CastVote(what, isHeard)),
  fc.tuple(nearDraw, likely).map(([what, isHeard]) => new CastVote(what, isHeard)),
  nearDraw.map((what) => new CastVote(what, true)),
  fc.tuple(fc.constantFrom(...VOTE_KINDS), fc.constantFrom(0, 1, 1)).map(([kind, at]) => new CastAll(kind, at)),
  fc.constant(0).map(() => new CastAll("commit", 0)),
  draw.map((what) => new ForgeVote(what)),
  fc.tuple(draw, likely).map(([what, isPlain]) => new HearCertificate(what, !isPlain)),
  fc.tuple(fc.integer({ min: 1, max: 6 }), likely).map(([below, isShown]) => new ProposeAnywhere(below, isShown)),
  fc.constant(new Restart()),
  fc.constantFrom("view" as const, "retry" as const).map((timer) => new TimerRunsOut(timer)),
];
