// One member of the core level: the production BFT core, signer and ground keeper, over a chain that only knows hashes.
// Carries out effects as the production runner does; what takes time there takes virtual time here.

import {
  BftCore,
  type BftEffect,
  type BftInput,
  leaderOf,
  type SignedRequest,
  verifyCertificate,
} from "@festina/fastchain";
import { HeadAnnouncer } from "@festina/node";
import { type Hash32, OperationError } from "@festina/primitives";
import type { Certificate, PrePrepare } from "@festina/types";
import { ChainExchange, STATUS_MS } from "./chainExchange.ts";
import { openChainLog } from "./chainLog.ts";
import { positionOf } from "./committees.ts";
import { CoreLoop } from "./coreLoop.ts";
import { MemberSigning } from "./memberSigning.ts";
import type { MemberOptions, MemberWorld } from "./memberWorld.ts";
import type { CoreMessage } from "./message.ts";
import { StubChain } from "./stubChain.ts";
import { StubHost } from "./stubHost.ts";

const EARLY_MAX = 128;
const BUILD_MS = 2;
const EXECUTE_MS = 3;
const CERTIFICATE_VIEWS_MAX = 16;

export class CoreMember {
  readonly #options: MemberOptions;
  readonly #world: MemberWorld;
  readonly chain: StubChain;
  readonly #signing: MemberSigning;
  readonly #loop: CoreLoop;
  #early: { readonly epoch: number; readonly input: BftInput }[] = [];
  #previous: BftCore | null = null;
  #epoch = 0;
  #ownMember: number | null = null;
  /** Of all processes, as the core knows its peers. */
  readonly #names: readonly string[];
  readonly #announcer: HeadAnnouncer;
  readonly #exchange: ChainExchange;
  readonly #host: StubHost;

  /** @throws OperationError when the disk is damaged where nothing else can help */
  constructor(options: MemberOptions, world: MemberWorld) {
    this.#options = options;
    this.#world = world;
    const { disk, processes } = options;
    this.#names = Array.from({ length: processes }, (_, process) => `${process}`);
    this.chain = new StubChain(openChainLog(disk));
    this.#signing = new MemberSigning(options, world, this.chain);
    this.#loop = new CoreLoop(world, (effect) => this.#run(effect));
    this.#announcer = new HeadAnnouncer({
      clock: world,
      snailNumber: () => 0,
      tell: (mayLack) => {
        const spared = this.#names.filter((name) => !mayLack(name));
        this.#broadcast({ kind: "status", height: this.chain.height }, new Set(spared));
      },
    });
    this.#exchange = this.#createExchange();
    this.#host = new StubHost(this.chain, world, options.index);
  }

  #createExchange(): ChainExchange {
    const { suite } = this.#options;
    return new ChainExchange(this.chain, {
      nowMs: () => this.#world.nowMs(),
      send: (to, message) => this.#world.send(to, message),
      isCertified: (certificate) => {
        const { epoch } = certificate;
        return verifyCertificate(certificate, this.#world.committee(epoch), this.#world.context(epoch), suite).ok;
      },
      commit: (hash, certificate) => this.#commit(hash, certificate),
      onBlock: ({ hash, parentHash, height }) =>
        this.#feed({ kind: "blockFetched", blockHash: hash, parentHash, height, nowMs: this.#world.nowMs() }),
      onCaughtUp: (height, certificate) => this.#onCaughtUp(height, certificate),
    });
  }

  #onCaughtUp(height: number, certificate: Certificate): void {
    if (this.chain.nextEpoch !== this.#epoch) this.#enterEpoch();
    else this.#feed({ kind: "committedExternally", certificate, height, nowMs: this.#world.nowMs() });
    this.#refreshWork();
  }

  get epoch(): number {
    return this.#epoch;
  }

  get view(): number {
    return this.#loop.core?.view ?? 0;
  }

  /** What it keeps in memory, as counts. */
  get held(): Readonly<Record<string, number>> {
    return { ...this.#loop.core?.held, earlyMessages: this.#early.length, openBlocks: this.chain.openCount };
  }

  start(): void {
    this.#enterEpoch();
    this.#beat();
  }

  stop(): void {
    this.#loop.stop();
  }

  #beat(): void {
    if (this.#loop.isStopped) return;
    this.#announcer.onBeat();
    this.#exchange.onBeat();
    this.#world.after(STATUS_MS, () => this.#beat());
  }

  #broadcast(message: CoreMessage, except?: ReadonlySet<string>): void {
    const { processes, index } = this.#options;
    for (let to = 0; to < processes; to++)
      if (to !== index && except?.has(this.#names[to] as string) !== true) this.#world.send(to, message);
  }

  #enterEpoch(): void {
    const { suite, timing, index } = this.#options;
    this.#epoch = this.chain.nextEpoch;
    const committee = this.#world.committee(this.#epoch);
    const position = positionOf(committee, index);
    const { head } = this.chain;
    const isBase = head === null || head.block.isBoundary;
    const maySign = this.#signing.enterEpoch(this.#epoch, this.chain.epochBeganAtMs);
    this.#ownMember = position < 0 || !maySign ? null : position;
    this.#previous = this.#loop.core;
    const core = new BftCore({
      context: this.#world.context(this.#epoch),
      committee,
      suite,
      timing,
      ownMember: this.#ownMember,
      committed: {
        hash: this.chain.headHash,
        height: this.chain.height,
        view: isBase ? 0 : (head.certificate?.view ?? 0),
        certificate: isBase ? null : head.certificate,
      },
      record: this.#signing.record,
    });
    this.#loop.enter(core);
    this.#feed({ kind: "started", nowMs: this.#world.nowMs() });
    this.#signing.recover(this.#ownMember, (certificate) => this.#onCertificate(certificate, ""));
    this.#refreshWork();
    const early = this.#early.filter(({ epoch }) => epoch === this.#epoch);
    this.#early = [];
    for (const { input } of early) this.#feed(input);
  }

  #refreshWork(): void {
    this.#feed({ kind: "workChanged", hasWork: this.#world.hasWork(), nowMs: this.#world.nowMs() });
  }

  /** Somebody gave the network something to do. */
  wake(): void {
    this.#refreshWork();
  }

  /** Links of the core world are sessions whose other end is known. */
  #isLeader(process: number, { epoch, view }: PrePrepare): boolean {
    if (epoch !== this.#epoch) return false;
    const committee = this.#world.committee(epoch);
    return leaderOf(committee, view) === positionOf(committee, process);
  }

  receive(from: number, message: CoreMessage): void {
    if (this.#loop.isStopped) return;
    const nowMs = this.#world.nowMs();
    const peer = this.#names[from] as string;
    switch (message.kind) {
      case "prePrepare":
        this.#announcer.onVote(peer, message.message);
        return this.#route(message.message.epoch, {
          kind: "prePrepareReceived",
          message: message.message,
          from: peer,
          isFromLeader: this.#isLeader(from, message.message),
          nowMs,
        });
      case "vote":
        if (message.vote.kind !== "viewChange") this.#announcer.onVote(peer, message.vote);
        return this.#route(message.vote.epoch, { kind: "voteReceived", vote: message.vote, from: peer, nowMs });
      case "certificate":
        return this.#onCertificate(message.certificate, peer);
      case "askCertificates":
        return this.#onAskCertificates(from, message);
      default:
        return this.#exchange.receive(from, message);
    }
  }

  #onCertificate(certificate: Certificate, from: string): void {
    const nowMs = this.#world.nowMs();
    this.#route(certificate.epoch, { kind: "certificateReceived", certificate, from, nowMs });
  }

  #route(epoch: number, input: BftInput): void {
    if (epoch === this.#epoch) this.#feed(input);
    else if (epoch === this.#epoch + 1 && this.#early.length < EARLY_MAX) this.#early.push({ epoch, input });
    else if (epoch === this.#epoch - 1)
      for (const effect of this.#previous?.step(input) ?? [])
        if (effect.kind === "sendCertificate")
          this.#send(effect.to, { kind: "certificate", certificate: effect.certificate });
  }

  #send(to: string, message: CoreMessage): void {
    if (to !== "") this.#world.send(Number(to), message);
  }

  #onAskCertificates(
    from: number,
    { epoch, fromView, toView }: Extract<CoreMessage, { kind: "askCertificates" }>,
  ): void {
    const core = epoch === this.#epoch ? this.#loop.core : epoch === this.#epoch - 1 ? this.#previous : null;
    for (let view = Math.max(fromView, toView - CERTIFICATE_VIEWS_MAX + 1); view <= toView; view++)
      for (const certificate of core?.certificates(view) ?? [])
        this.#world.send(from, { kind: "certificate", certificate });
  }

  #commit(hash: Hash32, certificate: Certificate): void {
    if (this.#loop.isStopped) return;
    const committed = this.#guarded(() => this.chain.commit(hash, certificate));
    for (const block of committed ?? []) this.#world.onFinal(block, block.hash === hash ? certificate : null);
    if (committed !== null && committed.length > 0) this.#announcer.onBlock(certificate);
    this.#signing.settle();
  }

  /** A disk that fails ends the process, as it does in production. */
  #guarded<T>(write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.stop();
      this.#world.onDied(error.code);
      return null;
    }
  }

  #feed(input: BftInput): void {
    this.#loop.feed(input);
  }

  #run(effect: BftEffect): void {
    switch (effect.kind) {
      case "buildProposal":
        return this.#loop.later(BUILD_MS, () =>
          this.#host.build(effect, this.#epoch, this.#signing.reveal(effect.view)),
        );
      case "checkProposal":
        return this.#feed(this.#host.judge(effect.message));
      case "executeBlock":
        return this.#loop.later(EXECUTE_MS + this.#options.dice.waiting(1), () => this.#host.execute(effect.blockHash));
      case "sign":
        return this.#sign(effect.request);
      case "broadcastPrePrepare":
        return this.#broadcast({ kind: "prePrepare", message: effect.message });
      case "broadcastVote":
        return this.#broadcast({ kind: "vote", vote: effect.vote });
      case "broadcastCertificate":
        this.#signing.notice(effect.certificate, this.#ownMember);
        this.#world.onCertificate(effect.certificate);
        return this.#broadcast({ kind: "certificate", certificate: effect.certificate }, effect.except);
      case "sendCertificate":
        this.#signing.notice(effect.certificate, this.#ownMember);
        return this.#send(effect.to, { kind: "certificate", certificate: effect.certificate });
      case "setTimer":
        return this.#loop.setTimer(effect.timer, effect.view, effect.atMs);
      case "clearTimer":
        return this.#loop.clearTimer(effect.timer);
      case "commitBlock":
        this.#signing.notice(effect.certificate, this.#ownMember);
        this.#commit(effect.blockHash, effect.certificate);
        return this.#refreshWork();
      case "requestBlock":
        return this.#requestBlock(effect.blockHash, effect.from);
      case "requestCertificates":
        return this.#ask(effect.from, { ...effect, kind: "askCertificates", epoch: this.#epoch });
      case "viewSkipped":
        return this.#world.onSkipped(this.#epoch, effect.view);
      case "epochEnded":
        return this.#loop.later(0, () => {
          this.#enterEpoch();
          return null;
        });
      case "misbehaviourSeen":
        return this.#world.onEvidence(effect.evidence);
      case "senderBlamed":
        return this.#world.onBlamed(Number(effect.from), effect.code);
      case "proposalRefused":
        return;
    }
  }

  #ask(from: string, message: CoreMessage): void {
    if (from === "") this.#broadcast(message);
    else this.#send(from, message);
  }

  #requestBlock(hash: Hash32, from: string): void {
    const known = this.chain.block(hash);
    if (known === undefined) {
      this.#exchange.expect(hash);
      return this.#ask(from, { kind: "askBlock", hash });
    }
    const { parentHash, height } = known;
    this.#loop.later(0, () => ({
      kind: "blockFetched",
      blockHash: hash,
      parentHash,
      height,
      nowMs: this.#world.nowMs(),
    }));
  }

  #sign(request: SignedRequest): void {
    const signature = this.#signing.sign(request, (view) => this.#loop.core?.certificates(view) ?? []);
    if (signature !== null) this.#feed({ kind: "signed", request, signature, nowMs: this.#world.nowMs() });
  }
}
