// Everything that can happen to the member, and how often.
import type { Hash32 } from "@festina/primitives";
import { VOTE_KINDS, type VoteKind } from "@festina/types";
import fc from "fast-check";
import { type Command, Happening, viewNear } from "./happening.ts";
import type { MemberUnderTest } from "./memberUnderTest.ts";
import { HearProposal, Propose, ProposeAnywhere } from "./proposing.ts";
import { BYZANTINE, MEMBERS, type VotingModel } from "./votingModel.ts";

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

  isPossible(model: Readonly<VotingModel>): boolean {
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

  isPossible(model: Readonly<VotingModel>): boolean {
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

/** All goes well for a view. */
class GoodView extends Happening {
  isPossible(model: Readonly<VotingModel>): boolean {
    return model.parentFor(model.view) !== null;
  }

  happen(model: VotingModel, real: MemberUnderTest): void {
    // The COMMITs are of the view that is over by then.
    for (const part of [
      new Propose({ offset: 1, isTrue: true, isHeard: true }),
      new CastAll("prepare", 1),
      new CastAll("commit", 0),
    ])
      if (part.check(model)) part.happen(model, real);
  }

  toString(): string {
    return "goodView()";
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

  isPossible(model: Readonly<VotingModel>): boolean {
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

  isPossible(model: Readonly<VotingModel>): boolean {
    const hash = hashOf(model, this.#draw);
    const { kind, offset } = this.#draw;
    if (hash === undefined || model.quorum(kind, viewNear(model, offset), hash) === null) return false;
    // With the last block the host goes on to the next epoch, past the core of this one.
    return !(this.#isFromOutside && kind === "commit" && hash !== null && model.isBoundary(hash));
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

  isPossible(): boolean {
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
  isPossible(): boolean {
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
  fc.record({ offset, isTrue: likely, isHeard: likely }).map((draw) => new Propose(draw)),
  fc.record({ isTrue: likely, isHeard: likely }).map((draw) => new Propose({ offset: 1, ...draw })),
  fc.record({ offset, choice, isSignedByLeader: likely }).map((draw) => new HearProposal(draw)),
  fc.tuple(draw, likely).map(([what, isHeard]) => new CastVote(what, isHeard)),
  fc.tuple(nearDraw, likely).map(([what, isHeard]) => new CastVote(what, isHeard)),
  nearDraw.map((what) => new CastVote(what, true)),
  fc.tuple(fc.constantFrom(...VOTE_KINDS), fc.constantFrom(0, 1, 1)).map(([kind, at]) => new CastAll(kind, at)),
  fc.constant(0).map(() => new CastAll("commit", 0)),
  fc.constant(0).map(() => new GoodView()),
  draw.map((what) => new ForgeVote(what)),
  fc.tuple(draw, likely).map(([what, isPlain]) => new HearCertificate(what, !isPlain)),
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), likely, likely)
    .map(([below, isShown, isNew]) => new ProposeAnywhere({ below, isShown, isAgain: !isNew })),
  fc.constant(new Restart()),
  fc.constantFrom("view" as const, "retry" as const).map((timer) => new TimerRunsOut(timer)),
];

/** Heights of an epoch's last block; the highest is never reached. */
export const boundaryHeights = fc.constantFrom(1, 2, 3, 1_000);
