import type { SigningContext } from "@festina/crypto";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  EMPTY_SIGNING_RECORD,
  type ExecutedBlock,
  type HybridState,
  leaderOf,
} from "@festina/fastchain";
import { bytesToHex, type Hash32, unreachable } from "@festina/primitives";
import type { Certificate, Committee, PrePrepare, Vote } from "@festina/types";
import { BlockWork } from "./blockWork.ts";
import { committedPoint } from "./committedPoint.ts";
import type { ConsensusOptions } from "./consensusOptions.ts";
import { logProposal, logReport } from "./consensusReport.ts";
import { EarlyMessages, type MessageInput } from "./earlyMessages.ts";
import { fetchCertificates } from "./fetchCertificates.ts";
import { epochBegin, signingChain } from "./signingChain.ts";
import { SigningDesk } from "./signingDesk.ts";
import type { Silence } from "./silence.ts";
import { ViewTimers } from "./viewTimers.ts";

/**
 * Drives one `BftCore` per epoch: feeds it what happens, carries out what it wants, and makes the next one when an
 * epoch ends. The only asynchronous code near consensus.
 */
export class ConsensusRunner {
  readonly #options: ConsensusOptions;
  readonly #desk: SigningDesk;
  readonly #work: BlockWork;
  #core: BftCore | null = null;
  #previous: BftCore | null = null;
  #committee: Committee;
  #previousCommittee: Committee | null = null;
  #ownMember: number | null = null;
  #tipHash: Hash32;
  #hasWork = false;
  readonly #startHeight: number;
  readonly #early = new EarlyMessages();
  readonly #inbox: BftInput[] = [];
  readonly #timers: ViewTimers;
  #isDraining = false;
  #isStopped = false;

  constructor(options: ConsensusOptions) {
    this.#options = options;
    this.#timers = new ViewTimers(options.clock, (timer, view, nowMs) =>
      this.#feed({ kind: "timerElapsed", timer, view, nowMs }),
    );
    this.#desk = new SigningDesk({ ...options, chain: signingChain(options.chain) });
    this.#work = new BlockWork(options, (executed) => this.#adoptTip(executed));
    this.#startHeight = options.chain.committed.head.header.number;
    this.#committee = options.chain.committed.head.committee;
    this.#tipHash = options.chain.committed.head.hash;
  }

  get committee(): Committee {
    return this.#committee;
  }

  /** What consensus keeps in memory, as counts. */
  get held(): Readonly<Record<string, number>> {
    return { ...this.#core?.held, earlyMessages: this.#early.size };
  }

  get view(): number {
    return this.#core?.view ?? 0;
  }

  /** Our position in the committee. */
  get ownMember(): number | null {
    return this.#ownMember;
  }

  /** Why this member does not sign, if it does not. */
  get silence(): Silence | null {
    return this.#desk.silence;
  }

  /** See `SigningDesk`. */
  get awaitsNewChain(): boolean {
    return this.#desk.awaitsNewChain;
  }

  openNewChain(): void {
    this.#desk.openNewChain();
    this.start();
  }

  /** The state that the next proposal stands on, as far as we know. */
  get tip(): HybridState {
    return this.#options.chain.tipAfter(this.#tipHash);
  }

  /** Also called whenever another committee sits, or recovery lets it sign again or no more. */
  start(): void {
    const { chain, signer, log } = this.#options;
    const { head } = chain.committed;
    if (head.committee.epoch !== this.#committee.epoch) {
      this.#previous = this.#core;
      this.#previousCommittee = this.#committee;
    }
    this.#committee = head.committee;
    this.#tipHash = head.hash;
    this.#timers.clearAll();
    const key = signer === null ? null : bytesToHex(signer.publicKey);
    const position = head.committee.members.findIndex(({ publicKey }) => publicKey === key);
    const maySign = this.#desk.enterEpoch(epochBegin(chain, head)) && this.#options.maySign();
    this.#ownMember = position < 0 || !maySign ? null : position;
    this.#core = new BftCore({
      context: this.#context,
      committee: head.committee,
      suite: chain.environment.suite,
      timing: this.#options.timing,
      ownMember: this.#ownMember,
      committed: committedPoint(chain.committed),
      record: signer?.record ?? EMPTY_SIGNING_RECORD,
    });
    log.debug("epochEntered", { epoch: head.committee.epoch, member: this.#ownMember });
    this.#hasWork = false;
    this.#feed({ kind: "started", nowMs: this.#nowMs() });
    this.#desk.recover(head.committee.epoch, this.#ownMember, (certificate) => this.onCertificate(certificate, ""));
    this.refreshWork();
    for (const input of this.#early.take(head.committee.epoch)) {
      if (input.kind !== "voteReceived" || this.isFromVoter(input.vote, input.from)) this.#feed(input);
    }
  }

  get isStarted(): boolean {
    return this.#core !== null && !this.#isStopped;
  }

  stop(): void {
    this.#isStopped = true;
    this.#timers.clearAll();
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }

  onPrePrepare(message: PrePrepare, from: string): void {
    const isFromLeader = this.#options.isFromLeader(message, from, this.#committee);
    this.#route(message.epoch, { kind: "prePrepareReceived", message, from, isFromLeader, nowMs: this.#nowMs() });
  }

  /** Where the committee is not known, because it is still to come or long gone, nothing speaks against it. */
  isFromVoter(vote: Vote, from: string): boolean {
    const committees = [this.#committee, this.#previousCommittee];
    const committee = committees.find((known) => known?.epoch === vote.epoch);
    return committee == null || this.#options.isFromVoter(vote, from, committee);
  }

  /** Whether a proposal of a block at this height, of which something is missing, is still worth asking for it. */
  awaits({ epoch, view }: PrePrepare, number: number): boolean {
    const current = this.#committee.epoch;
    const isAhead = number > this.#options.chain.committed.head.header.number;
    return isAhead && (epoch === current + 1 || (epoch === current && view >= this.view));
  }

  onVote(vote: Vote, from: string): void {
    this.#route(vote.epoch, { kind: "voteReceived", vote, from, nowMs: this.#nowMs() });
  }

  onCertificate(certificate: Certificate, from: string): void {
    this.#route(certificate.epoch, { kind: "certificateReceived", certificate, from, nowMs: this.#nowMs() });
  }

  /** Blocks were fetched with their certificate and committed outside the core. */
  onSynced(certificate: Certificate, height: number): void {
    if (this.#options.chain.committed.head.committee.epoch !== this.#committee.epoch) {
      this.start();
      return;
    }
    this.#feed({ kind: "committedExternally", certificate, height, nowMs: this.#nowMs() });
    this.refreshWork();
  }

  /** Certificates of a view of the current or the last epoch, for members that ask. */
  certificates(epoch: number, view: number): readonly Certificate[] {
    if (epoch === this.#committee.epoch) return this.#core?.certificates(view) ?? [];
    return epoch === this.#committee.epoch - 1 ? (this.#previous?.certificates(view) ?? []) : [];
  }

  /** The same certificate with the votes that came after it was made, where that is of this epoch. */
  fullest(certificate: Certificate): Certificate {
    return (certificate.epoch === this.#committee.epoch ? this.#core?.fullest(certificate) : null) ?? certificate;
  }

  /** To be called when a transaction, a snail block or the clock may have given the proposer something to do. */
  refreshWork(): void {
    if (this.#isStopped) return;
    const hasWork = this.#isResumingLeader() || this.#options.proposer.hasWork(this.tip);
    if (hasWork === this.#hasWork) return;
    this.#hasWork = hasWork;
    this.#feed({ kind: "workChanged", hasWork, nowMs: this.#nowMs() });
  }

  /** Tells a peer that has just come where we are and what we have said. */
  greet(peer: string): void {
    if (this.#core !== null) this.#options.network.greet(peer, this.#core.greeting());
  }

  /**
   * When all members were down, pools are empty: the first block is not waited for, since it shows that all are back. One
   * alone has nobody to show it to.
   */
  #isResumingLeader(): boolean {
    const isNothingNew = this.tip.header.number === this.#startHeight;
    return isNothingNew && this.#isLeading && this.#committee.members.length > 1;
  }

  get #isLeading(): boolean {
    return this.#ownMember !== null && leaderOf(this.#committee, this.view) === this.#ownMember;
  }

  get #context(): SigningContext {
    return { ...this.#options.chain.signing, epoch: this.#committee.epoch };
  }

  #route(epoch: number, input: MessageInput): void {
    const current = this.#committee.epoch;
    // Peers greet before we have begun.
    const isEarly = epoch === current + 1 || (epoch === current && this.#core === null);
    if (isEarly) this.#early.add(epoch, input);
    else if (epoch === current) this.#feed(input);
    else if (epoch === current - 1) for (const effect of this.#previous?.step(input) ?? []) this.#help(effect);
  }

  /** Of a core whose epoch is over only answers to laggards and proof of guilt leave. */
  #help(effect: BftEffect): void {
    if (effect.kind === "misbehaviourSeen") this.#options.onMisbehaviour(effect.evidence, effect.from);
    if (effect.kind === "sendCertificate") this.#options.network.sendCertificate(effect.to, effect.certificate);
  }

  #feed(input: BftInput): void {
    this.#inbox.push(input);
    if (this.#isDraining || this.#isStopped) return;
    this.#isDraining = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        for (const effect of this.#core?.step(next) ?? []) this.#run(effect);
      }
    } catch (error) {
      this.#options.onFatal(error);
    } finally {
      this.#isDraining = false;
    }
  }

  /** Feeds the answer of an asynchronous effect, unless its epoch is over. */
  #later(core: BftCore | null, answer: Promise<BftInput | null>): void {
    answer
      .then((input) => {
        if (input !== null && core === this.#core) this.#feed(input);
      })
      .catch((error: unknown) => this.#options.onFatal(error));
  }

  #run(effect: BftEffect): void {
    const { network, log } = this.#options;
    if ("certificate" in effect) this.#desk.notice(effect.certificate, this.#ownMember);
    switch (effect.kind) {
      case "buildProposal":
        return this.#later(this.#core, this.#work.build(effect, this.#context));
      case "checkProposal":
        return this.#later(this.#core, this.#work.judge(effect.message, this.#committee));
      case "executeBlock":
        return this.#later(this.#core, this.#work.execute(effect.blockHash));
      case "sign":
        return this.#sign(effect.request);
      case "broadcastPrePrepare":
        network.broadcastPrePrepare(effect.message);
        return logProposal(log, effect.message);
      case "broadcastVote":
        return network.broadcastVote(effect.vote);
      case "broadcastCertificate":
        return network.broadcastCertificate(effect.certificate, effect.except);
      case "sendCertificate":
        return network.sendCertificate(effect.to, effect.certificate);
      case "setTimer":
        return this.#timers.set(effect.timer, effect.view, effect.atMs);
      case "clearTimer":
        return this.#timers.clear(effect.timer);
      case "commitBlock":
        return this.#later(this.#core, this.#commit(effect.blockHash, effect.certificate));
      case "requestBlock":
        return this.#later(this.#core, this.#work.fetch(effect.blockHash, effect.from));
      case "requestCertificates":
        return this.#fetchCertificates(effect);
      case "senderBlamed":
        logReport(log, this.#committee, effect);
        return network.blame(effect.from);
      case "viewSkipped":
        // What the skipped block would have included is work again.
        this.#tipHash = this.#options.chain.committed.head.hash;
        this.refreshWork();
        return logReport(log, this.#committee, effect);
      case "misbehaviourSeen":
        this.#options.onMisbehaviour(effect.evidence, effect.from);
        return logReport(log, this.#committee, effect);
      case "proposalRefused":
        return logReport(log, this.#committee, effect);
      case "epochEnded":
        return this.#endEpoch();
      default:
        return unreachable(effect);
    }
  }

  /** The newest executed block decides what is still worth a block; the core hears of it before it moves on. */
  #adoptTip({ block }: ExecutedBlock): void {
    if (block.header.number <= this.tip.header.number && this.#tipHash !== block.header.parentHash) return;
    this.#tipHash = block.hash;
    this.refreshWork();
  }

  #sign(request: Extract<BftEffect, { kind: "sign" }>["request"]): void {
    const signature = this.#desk.sign(request, (view) => this.#core?.certificates(view) ?? []);
    if (signature !== null) this.#feed({ kind: "signed", request, signature, nowMs: this.#nowMs() });
  }

  async #commit(blockHash: Hash32, certificate: Certificate): Promise<null> {
    await this.#options.chain.commit(blockHash, certificate);
    this.#desk.settle();
    // The next proposal should not wait for it.
    if (this.#isLeading) this.#work.reveal(this.tip, this.#context, this.view);
    this.refreshWork();
    return null;
  }

  #fetchCertificates(views: Extract<BftEffect, { kind: "requestCertificates" }>): void {
    const core = this.#core;
    fetchCertificates(this.#options.network, this.#committee.epoch, views, (certificates) => {
      if (core !== this.#core) return;
      for (const certificate of certificates) this.onCertificate(certificate, views.from);
    }).catch((error: unknown) => this.#options.onFatal(error));
  }

  /** The boundary block is being committed; the next epoch begins once it is on disk. */
  #endEpoch(): void {
    const { chain } = this.#options;
    const ended = this.#core;
    chain
      .drain()
      .then(() => {
        if (this.#core === ended && !this.#isStopped) this.start();
      })
      .catch((error: unknown) => this.#options.onFatal(error));
  }
}
