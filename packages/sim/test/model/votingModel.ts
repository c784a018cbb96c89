// The voting rules of PBFT-S once more, written from their wording and not from the core: who has cast what, which
// certificates exist, and what one member must therefore sign. Blocks are always at hand and judged at once.
import type { Hash32 } from "@festina/primitives";
import type { CertificateKind, VoteKind } from "@festina/types";

export const MEMBERS = 4;
export const QUORUM = 3;
export const FAULTY_MAX = 1;
export const OWN = 0;
/** May contradict itself; everybody else keeps the rules. */
export const BYZANTINE = 3;
const LEADER_SHIFT = 1;

/** Smooth round robin of equal members: strictly in turn, shifted by the epoch. */
export const leaderAt = (view: number): number => (view - 1 + LEADER_SHIFT) % MEMBERS;

export interface ModelBlock {
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
  /** Whether those who execute it find the roots that it names. */
  readonly isTrue: boolean;
}

export interface Proposal {
  readonly view: number;
  readonly block: ModelBlock;
  /** View of the certificate it stands on, 0 for the epoch's base. */
  readonly parentView: number;
  /** The block was PREPARED before and is proposed once more, on its own certificate. */
  readonly isAgain: boolean;
}

/** The block whose certificate a proposal shows. */
export const groundOf = ({ block, isAgain }: Proposal): Hash32 => (isAgain ? block.hash : block.parentHash);

/** What a leader proposes on: a block, and the view of its certificate. */
export interface Ground {
  readonly parentView: number;
  readonly parentHash: Hash32;
}

/** Certificates that come with a proposal. */
export interface Shown {
  readonly hasParent: boolean;
  readonly skips: readonly number[];
}

const CERTIFICATE: Readonly<Record<VoteKind, CertificateKind>> = {
  prepare: "prepared",
  commit: "committed",
  viewChange: "skipped",
};

const slot = (kind: VoteKind, view: number, hash: Hash32 | null): string => `${kind} ${view} ${hash ?? "-"}`;

export class VotingModel {
  readonly blocks = new Map<Hash32, ModelBlock>();
  /** What members other than ours have cast, whether or not it has reached us. */
  readonly cast = new Map<string, Set<number>>();
  readonly proposals = new Map<number, Proposal[]>();
  view = 1;
  committedView = 0;
  committedHeight = 0;
  /** What our member signs because of the present command. */
  signed: string[] = [];
  /** Signed ever: on disk. */
  readonly #own = new Map<string, Hash32 | true>();
  /** Signed since the newest start. */
  readonly #said = new Set<string>();
  readonly #heard = new Map<string, Set<number>>();
  readonly #proposal = new Map<number, Proposal>();
  /** The first that each leader signed, whether it may be prepared or not. */
  readonly #leaderSaid = new Map<number, Hash32>();
  /** Proposals that lack a certificate. */
  readonly #waiting = new Map<number, { readonly proposal: Proposal; readonly shown: Shown }>();
  readonly #exposed = new Set<number>();
  readonly #prepared = new Map<number, Hash32>();
  readonly #skipped = new Set<number>();
  readonly #base: Hash32;
  #committedHash: Hash32;
  #recordedView = 0;
  /** A COMMIT has had this view's PREPARE recorded ahead, whatever it would be for. */
  #reservedView = 0;
  /** Where the process that ended may have signed a PREPARE that nobody remembers. */
  readonly #unknown = new Set<number>();
  readonly #boundaryHeight: number;
  /** The last block of the epoch is final. */
  hasEnded = false;

  /** @param boundaryHeight of the epoch's last block */
  constructor(base: Hash32, boundaryHeight: number) {
    this.#base = base;
    this.#boundaryHeight = boundaryHeight;
    this.#committedHash = base;
    this.blocks.set(base, { hash: base, parentHash: base, height: 0, isTrue: true });
  }

  isBoundary(hash: Hash32): boolean {
    return this.blocks.get(hash)?.height === this.#boundaryHeight;
  }

  hasCast(member: number, kind: VoteKind, view: number, hash: Hash32 | null): boolean {
    return this.cast.get(slot(kind, view, hash))?.has(member) ?? false;
  }

  #hasCastAny(member: number, kind: VoteKind, view: number): boolean {
    return [...this.cast].some(([key, members]) => key.startsWith(`${kind} ${view} `) && members.has(member));
  }

  /** Voters of a quorum that exists in the world, ours included; `null` when there is none. */
  quorum(kind: VoteKind, view: number, hash: Hash32 | null): readonly number[] | null {
    const voters = new Set(this.cast.get(slot(kind, view, hash)));
    if (this.#own.get(`${kind} ${view}`) === (hash ?? true)) voters.add(OWN);
    return voters.size >= QUORUM ? [...voters].sort() : null;
  }

  /** Whether a member that keeps the rules may cast this now. The Byzantine one may always. */
  mayCast(member: number, kind: VoteKind, view: number, hash: Hash32 | null): boolean {
    if (member === BYZANTINE) return true;
    if (kind === "viewChange") return !this.#hasCastAny(member, "commit", view);
    if (kind === "prepare") {
      const isFree = !this.#hasCastAny(member, kind, view) && this.#mayStand(view, hash);
      return isFree || this.hasCast(member, kind, view, hash);
    }
    const isFree = this.hasCast(member, kind, view, hash) || !this.#hasCastAny(member, "commit", view);
    const isTrue = hash !== null && this.blocks.get(hash)?.isTrue === true;
    return (
      isFree && isTrue && this.quorum("prepare", view, hash) !== null && !this.#hasCastAny(member, "viewChange", view)
    );
  }

  record(member: number, kind: VoteKind, view: number, hash: Hash32 | null): void {
    const key = slot(kind, view, hash);
    this.cast.set(key, (this.cast.get(key) ?? new Set()).add(member));
  }

  /** The process ends and starts again: what it signed and what is final is on disk, all else is lost. */
  restart(): void {
    for (const lost of [
      this.#said,
      this.#heard,
      this.#proposal,
      this.#leaderSaid,
      this.#waiting,
      this.#exposed,
      this.#prepared,
      this.#skipped,
    ])
      lost.clear();
    this.view = 0;
    if (this.#reservedView === this.#recordedView) this.#unknown.add(this.#reservedView);
    this.#enter(Math.max(this.committedView + 1, this.#recordedView));
    // Said once more; or said because nothing can be PREPARED here.
    if (this.#own.has(`viewChange ${this.view}`) || this.#unknown.has(this.view)) this.giveUp();
  }

  /** A proposal that its leader has signed has reached us. */
  hearProposal(proposal: Proposal, shown: Shown): void {
    const { view, block } = proposal;
    const isOpen = view > this.committedView;
    if (this.#exposed.has(view) || (isOpen && this.#proposal.get(view)?.block.hash === block.hash)) return;
    const before = this.#leaderSaid.get(view);
    if (!isOpen && before === undefined) return;
    if (before !== undefined && before !== block.hash) {
      this.#exposed.add(view);
      if (view === this.view) this.giveUp();
      return;
    }
    if (!isOpen) return;
    this.#leaderSaid.set(view, block.hash);
    this.#takeUp(proposal, shown);
    // It is its leader's PREPARE.
    this.hearVote(leaderAt(view), "prepare", view, block.hash);
  }

  /** Made by its leader, which has PREPARED it thereby. */
  addProposal(proposal: Proposal): void {
    const { view, block } = proposal;
    this.proposals.set(view, [...(this.proposals.get(view) ?? []), proposal]);
    this.record(leaderAt(view), "prepare", view, block.hash);
  }

  /** Rule S4: the parent is certified, and every view between its own and the proposal's was skipped. */
  #isJustified(proposal: Proposal, shown: Shown): boolean {
    const { view, parentView } = proposal;
    const ground = groundOf(proposal);
    const isHeld =
      this.#prepared.get(parentView) === ground ||
      (parentView === this.committedView && this.#committedHash === ground);
    if (!shown.hasParent && !isHeld) return false;
    for (let at = parentView + 1; at < view; at++)
      if (!shown.skips.includes(at) && !this.#skipped.has(at)) return false;
    return true;
  }

  #takeUp(proposal: Proposal, shown: Shown): void {
    const { view, parentView } = proposal;
    if (!this.#isJustified(proposal, shown)) {
      if (!this.#waiting.has(view)) this.#waiting.set(view, { proposal, shown });
      return;
    }
    this.#waiting.delete(view);
    this.#proposal.set(view, proposal);
    // What it shows is learned, the newest first.
    for (let at = view - 1; at > parentView; at--) this.#learnSkipped(at);
    if (parentView > 0) this.#learnPrepared(parentView, groundOf(proposal));
    this.#prepare();
  }

  /** A certificate came by itself: proposals that lacked one are looked at again. */
  retryWaiting(): void {
    for (const [view, { proposal, shown }] of [...this.#waiting])
      if (!this.#proposal.has(view) && view > this.committedView) this.#takeUp(proposal, shown);
  }

  hearVote(member: number, kind: VoteKind, view: number, hash: Hash32 | null): void {
    // Of what a member says twice in one view the first counts.
    const isTaken = [...this.#heard].some(
      ([key, members]) => key.startsWith(`${kind} ${view} `) && members.has(member),
    );
    if (isTaken) return;
    this.#count(member, kind, view, hash);
    if (kind !== "viewChange" || view !== this.view) return;
    const claims = this.#heard.get(slot(kind, view, null))?.size ?? 0;
    if (member === leaderAt(view) || claims > FAULTY_MAX) this.giveUp();
  }

  #count(member: number, kind: VoteKind, view: number, hash: Hash32 | null): void {
    const key = slot(kind, view, hash);
    const voters = (this.#heard.get(key) ?? new Set()).add(member);
    this.#heard.set(key, voters);
    if (voters.size < QUORUM || view <= this.committedView) return;
    this.learn(CERTIFICATE[kind], view, hash);
  }

  /** @returns whether it was news */
  learn(kind: CertificateKind, view: number, hash: Hash32 | null): boolean {
    if (kind === "skipped") return this.#learnSkipped(view);
    if (hash === null) return false;
    return kind === "prepared" ? this.#learnPrepared(view, hash) : this.learnCommitted(view, hash);
  }

  #learnSkipped(view: number): boolean {
    if (view <= this.committedView || this.#skipped.has(view)) return false;
    this.#skipped.add(view);
    this.#enter(view + 1);
    return true;
  }

  #learnPrepared(view: number, hash: Hash32): boolean {
    if (view <= this.committedView || this.#prepared.has(view)) return false;
    this.#prepared.set(view, hash);
    if (this.blocks.get(hash)?.isTrue === true) {
      if (view >= this.view) this.#sign("commit", view, hash);
      this.#enter(view + 1);
    } else if (view === this.view) this.giveUp();
    return true;
  }

  learnCommitted(view: number, hash: Hash32): boolean {
    if (view <= this.committedView) return false;
    this.committedView = view;
    this.committedHeight = this.blocks.get(hash)?.height ?? 0;
    this.#committedHash = hash;
    // What comes then is the next epoch's.
    this.hasEnded = this.isBoundary(hash);
    this.#enter(view + 1);
    return true;
  }

  #enter(view: number): void {
    if (view <= this.view || this.hasEnded) return;
    this.view = view;
    this.propose();
    this.#prepare();
  }

  /** As leader: a block on the newest certified one that we know of, once per view. */
  propose(): void {
    const { view } = this;
    const parent = leaderAt(view) === OWN && !this.#proposal.has(view) ? this.#ownParent() : null;
    if (parent === null || this.#own.has(`prePrepare ${view}`) || this.#own.has(`viewChange ${view}`)) return;
    if (this.#unknown.has(view)) return;
    const proposal = this.proposalOn(view, parent) ?? this.#ownProposal(view, parent);
    const { block } = proposal;
    this.addProposal(proposal);
    this.#proposal.set(view, proposal);
    this.#leaderSaid.set(view, block.hash);
    this.#note("prePrepare", view, block.hash);
    this.#own.set(`prepare ${view}`, block.hash);
    this.#prepare();
    this.#count(OWN, "prepare", view, block.hash);
  }

  /** The last block of the epoch may only be proposed again until it is COMMITTED; `null` where another is due. */
  proposalOn(view: number, { parentView, parentHash }: Ground): Proposal | null {
    const block = this.blocks.get(parentHash);
    return block !== undefined && this.isBoundary(parentHash) ? { view, block, parentView, isAgain: true } : null;
  }

  #ownProposal(view: number, { parentView, parentHash }: Ground): Proposal {
    return { view, block: this.ownBlock(view, parentHash), parentView, isAgain: false };
  }

  /** The block that our member makes for a view. */
  ownBlock(view: number, parentHash: Hash32): ModelBlock {
    const hash = `0xff${view.toString(16).padStart(8, "0")}${parentHash.slice(-54)}` as Hash32;
    const height = (this.blocks.get(parentHash)?.height ?? 0) + 1;
    const block = this.blocks.get(hash) ?? { hash, parentHash, height, isTrue: true };
    this.blocks.set(hash, block);
    return block;
  }

  #ownParent(): Ground | null {
    for (let below = this.view - 1; below > this.committedView; below--) {
      const hash = this.#prepared.get(below);
      if (hash !== undefined && this.blocks.get(hash)?.isTrue) return { parentView: below, parentHash: hash };
      if (!this.#skipped.has(below)) return null;
    }
    return { parentView: this.committedView, parentHash: this.#committedHash };
  }

  #prepare(): void {
    const { view } = this;
    const proposal = this.#proposal.get(view);
    if (proposal === undefined || this.hasEnded) return;
    const { block, isAgain } = proposal;
    if (!isAgain && this.isBoundary(block.parentHash)) {
      // Nothing may stand on the last block before it is final; the view goes on without this.
      this.#proposal.delete(view);
      return;
    }
    if (isAgain && !(block.isTrue && this.isBoundary(block.hash))) return this.giveUp();
    if (this.#own.get(`prePrepare ${view}`) !== block.hash) this.#sign("prepare", view, block.hash);
    // It was executed while the PREPAREs travelled.
    if (this.view === view && !block.isTrue) this.giveUp();
  }

  giveUp(): void {
    this.#sign("viewChange", this.view, null);
  }

  /** Rules S1, S2, S3 and S5. What was signed before the process started anew may be signed again. */
  #sign(kind: VoteKind, view: number, hash: Hash32 | null): void {
    const before = this.#own.get(`${kind} ${view}`);
    if (this.hasEnded || this.#said.has(`${kind} ${view}`) || (before !== undefined && before !== (hash ?? true)))
      return;
    if (kind === "prepare" && this.#unknown.has(view)) return;
    if (this.#own.has(kind === "viewChange" ? `commit ${view}` : `viewChange ${view}`)) return;
    this.#note(kind, view, hash);
    this.#count(OWN, kind, view, hash);
  }

  /** Kinds and views in which something was ever signed. */
  get signedCount(): number {
    return this.#own.size;
  }

  #note(kind: VoteKind | "prePrepare", view: number, hash: Hash32 | null): void {
    this.#own.set(`${kind} ${view}`, hash ?? true);
    this.#said.add(`${kind} ${view}`);
    if (kind === "commit") this.#reservedView = view + 1;
    this.#recordedView = kind === "commit" ? view + 1 : Math.max(view, this.#recordedView);
    this.signed.push(`${kind} ${view} ${hash ?? "-"}`);
  }

  /** What an honest leader of `view` may stand on: the newest certified true block below with all views between skipped. */
  parentFor(view: number): Ground | null {
    for (let below = view - 1; below > 0; below--) {
      for (const { block } of this.proposals.get(below) ?? [])
        if (block.isTrue && this.quorum("prepare", below, block.hash) !== null)
          return { parentView: below, parentHash: block.hash };
      if (this.quorum("viewChange", below, null) === null) return null;
    }
    return { parentView: 0, parentHash: this.#base };
  }

  /** Whether somebody could know all that the proposal must show. */
  #mayStand(view: number, hash: Hash32 | null): boolean {
    const proposal = this.proposals.get(view)?.find(({ block }) => block.hash === hash);
    if (proposal === undefined) return false;
    const { hasParent, skips } = this.allShown(proposal);
    if (this.isBoundary(groundOf(proposal)) !== proposal.isAgain) return false;
    return hasParent && skips.length === view - proposal.parentView - 1;
  }

  /** Everything that exists to justify a proposal. */
  allShown(proposal: Proposal): Shown {
    const { view, parentView } = proposal;
    const between = Array.from({ length: Math.max(0, view - parentView - 1) }, (_, at) => parentView + 1 + at);
    const skips = between.filter((at) => this.quorum("viewChange", at, null) !== null);
    return { hasParent: parentView === 0 || this.quorum("prepare", parentView, groundOf(proposal)) !== null, skips };
  }
}
