import { keccak256, keccakHash, type SigningContext, signingMessage } from "@festina/crypto";
import {
  type Address,
  bytesToHex,
  concatBytes,
  createPrng,
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Prng,
  rlpInteger,
} from "@festina/primitives";
import { type Certificate, type Committee, decodePrePrepare, encodePrePrepare, type Vote } from "@festina/types";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  type BftTiming,
  checkSigning,
  EMPTY_SIGNING_RECORD,
  type SignedRequest,
  type SigningRecord,
  voteMessage,
} from "../../src/index.ts";
import { EventQueue } from "./eventQueue.ts";
import { mockSuite } from "./mockSuite.ts";

const GENESIS = keccakHash(Uint8Array.of(0));
export const TIMING: BftTiming = {
  heartbeatMs: 1_000,
  minBlockIntervalMs: 0,
  deltaMs: 100,
  deltaMsMax: 5_000,
  executionBudgetMs: 50,
};

export interface NetworkOptions {
  readonly seed: number;
  readonly seats: readonly number[];
  readonly timing?: Partial<BftTiming>;
  /** Chance that a message is lost, 0..1. */
  readonly loss?: number;
  readonly duplication?: number;
  readonly delayMs?: readonly [number, number];
  /** Heights whose blocks end the epoch. */
  readonly boundaryHeight?: number;
}

interface Block {
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
}

/** One member: a core, its durable record, and the blocks it holds. */
class Host {
  readonly index: number;
  readonly network: TestNetwork;
  core: BftCore;
  record: SigningRecord = EMPTY_SIGNING_RECORD;
  readonly blocks = new Map<Hash32, Block>();
  readonly committed: Block[];
  readonly certificates: Certificate[] = [];
  readonly timers = new Map<string, number>();
  readonly signed: SignedRequest[] = [];
  isDown = false;
  epochEnded = false;
  generation = 0;
  /** Set by tests: what this member does instead of proposing honestly. */
  misbehave: ((effect: BftEffect) => readonly BftEffect[]) | null = null;

  constructor(index: number, network: TestNetwork) {
    this.index = index;
    this.network = network;
    this.committed = [{ hash: GENESIS, parentHash: GENESIS, height: 0 }];
    this.core = this.createCore();
  }

  get tip(): Block {
    return this.committed.at(-1) as Block;
  }

  createCore(): BftCore {
    const certificate = this.certificates.at(-1) ?? null;
    return new BftCore({
      context: this.network.context,
      committee: this.network.committee,
      suite: mockSuite,
      timing: this.network.timing,
      ownMember: this.index,
      committed: { hash: this.tip.hash, height: this.tip.height, view: certificate?.view ?? 0, certificate },
      record: this.record,
    });
  }

  feed(input: BftInput): void {
    if (this.isDown) return;
    for (const effect of this.core.step(input)) {
      for (const actual of this.misbehave?.(effect) ?? [effect]) this.run(actual);
    }
  }

  /** Forgets everything but the disk: committed blocks, their certificates, the signing record. */
  crash(): void {
    this.isDown = true;
    this.generation++;
    this.timers.clear();
    this.blocks.clear();
  }

  restart(): void {
    this.isDown = false;
    this.core = this.createCore();
    this.feed({ kind: "started", nowMs: this.network.nowMs });
  }

  private later(delayMs: number, input: (nowMs: number) => BftInput): void {
    const { generation } = this;
    this.network.schedule(delayMs, () => {
      if (this.generation === generation) this.feed(input(this.network.nowMs));
    });
  }

  run(effect: BftEffect): void {
    const { network } = this;
    switch (effect.kind) {
      case "buildProposal": {
        const block =
          effect.repropose === null ? network.makeBlock(effect.parentHash, this) : this.find(effect.repropose);
        this.blocks.set(block.hash, block);
        this.later(1, (nowMs) => ({
          kind: "proposalBuilt",
          view: effect.view,
          nowMs,
          proposal: {
            ...block,
            blockHash: block.hash,
            envelope: network.encode(block),
            reveal: new Uint8Array(0),
            isBoundary: network.isBoundary(block),
          },
        }));
        return;
      }
      case "checkProposal": {
        const { message } = effect;
        const block = { hash: message.blockHash, parentHash: message.parentHash, height: message.height };
        this.blocks.set(block.hash, block);
        const isTrue = bytesToHex(message.envelope) === bytesToHex(network.encode(block));
        this.later(0, (nowMs) => ({
          kind: "proposalChecked",
          view: message.view,
          blockHash: block.hash,
          verdict: isTrue ? "valid" : "invalid",
          isBoundary: network.isBoundary(block),
          nowMs,
        }));
        return;
      }
      case "executeBlock": {
        const block = this.find(effect.blockHash);
        this.later(2, (nowMs) => ({
          kind: "blockExecuted",
          blockHash: block.hash,
          verdict: "valid",
          isBoundary: network.isBoundary(block),
          nowMs,
        }));
        return;
      }
      case "sign":
        return this.sign(effect.request);
      case "broadcastPrePrepare":
        return network.broadcast(this, () => {
          const copy = decodePrePrepare(encodePrePrepare(effect.message));
          if (!copy.ok) throw new Error(copy.error.message);
          return { kind: "prePrepareReceived", message: copy.value, from: String(this.index), nowMs: network.nowMs };
        });
      case "broadcastVote":
        return network.broadcast(this, () => ({
          kind: "voteReceived",
          vote: effect.vote,
          from: String(this.index),
          nowMs: network.nowMs,
        }));
      case "broadcastCertificate":
        network.observe(effect.certificate);
        return network.broadcast(this, () => this.certificateInput(effect.certificate));
      case "sendCertificate":
        return network.send(this, Number(effect.to), () => this.certificateInput(effect.certificate));
      case "setTimer": {
        this.timers.set(effect.timer, effect.atMs);
        const { timer, view, atMs } = effect;
        this.network.schedule(Math.max(0, atMs - network.nowMs), () => {
          if (this.timers.get(timer) !== atMs) return;
          this.timers.delete(timer);
          this.feed({ kind: "timerElapsed", timer, view, nowMs: network.nowMs });
        });
        return;
      }
      case "clearTimer":
        this.timers.delete(effect.timer);
        return;
      case "commitBlock":
        network.observe(effect.certificate);
        return this.commit(effect.blockHash, effect.certificate);
      case "requestBlock":
        return this.fetch(effect.blockHash);
      case "requestCertificates":
        for (const peer of network.hosts) {
          for (let view = effect.fromView; view <= effect.toView; view++) {
            for (const certificate of peer.core.certificates(view))
              network.send(peer, this.index, () => this.certificateInput(certificate));
          }
        }
        return;
      case "epochEnded":
        this.epochEnded = true;
        return;
      case "reportFault":
        network.faults.push(`${effect.member} ${effect.code}`);
        return;
      case "viewSkipped":
        network.skippedViews.add(effect.view);
    }
  }

  private certificateInput(certificate: Certificate): BftInput {
    return { kind: "certificateReceived", certificate, from: String(this.index), nowMs: this.network.nowMs };
  }

  private find(hash: Hash32): Block {
    const block = this.blocks.get(hash);
    if (block === undefined) throw new Error(`block ${hash} is not held by ${this.index}`);
    return block;
  }

  private sign(request: SignedRequest): void {
    const allowed = checkSigning(this.record, request);
    if (!allowed.ok) throw new Error(`member ${this.index}: ${allowed.error.message}`);
    this.record = allowed.value;
    this.signed.push(request);
    this.feed({
      kind: "signed",
      request,
      signature: this.network.sign(this.index, request),
      nowMs: this.network.nowMs,
    });
  }

  private fetch(hash: Hash32): void {
    const { network } = this;
    const holder = network.hosts.find(
      (peer) =>
        !peer.isDown &&
        network.isLinked(peer, this) &&
        (peer.blocks.get(hash) ?? peer.committed.find((block) => block.hash === hash)),
    );
    const block = holder?.blocks.get(hash) ?? holder?.committed.find((candidate) => candidate.hash === hash);
    if (block === undefined) return;
    this.later(20, (nowMs) => {
      this.blocks.set(hash, block);
      return { kind: "blockFetched", blockHash: hash, parentHash: block.parentHash, height: block.height, nowMs };
    });
  }

  private commit(hash: Hash32, certificate: Certificate): void {
    const path: Block[] = [];
    for (
      let at = this.blocks.get(hash);
      at !== undefined && at.height > this.tip.height;
      at = this.blocks.get(at.parentHash)
    )
      path.push(at);
    for (const block of path.reverse()) {
      if (block.parentHash !== this.tip.hash)
        throw new Error(`member ${this.index} commits on a fork at ${block.height}`);
      this.committed.push(block);
      this.network.onCommit(block);
    }
    this.certificates.push(certificate);
  }
}

/** Members on one virtual clock, with messages that take time, get lost, doubled and reordered as the seed says. */
export class TestNetwork {
  readonly committee: Committee;
  readonly context: SigningContext;
  readonly timing: BftTiming;
  readonly hosts: readonly Host[];
  readonly faults: string[] = [];
  readonly skippedViews = new Set<number>();
  readonly #options: NetworkOptions;
  readonly #random: Prng;
  readonly #keys: readonly Uint8Array[];
  readonly #seenCertificates = new Map<string, string>();
  readonly #finalByHeight = new Map<number, Hash32>();
  readonly #events = new EventQueue();
  #order = 0;
  #serial = 0;
  nowMs = 0;
  /** Members that hear each other; everyone by default. */
  partition: readonly (readonly number[])[] | null = null;
  isLossy = true;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#random = createPrng(options.seed);
    this.timing = { ...TIMING, ...options.timing };
    this.#keys = options.seats.map((_, index) => keccak256(Uint8Array.of(7, index)));
    const address = (index: number): Address => `0x${(index + 1).toString(16).padStart(40, "0")}` as Address;
    this.committee = {
      epoch: 1,
      members: options.seats.map((seats, index) => ({
        address: address(index),
        payout: address(index),
        publicKey: bytesToHex(this.#keys[index] as Uint8Array),
        seats,
      })),
    };
    this.context = { chainId: 5n, genesisHash: GENESIS, epoch: 1 };
    this.hosts = options.seats.map((_, index) => new Host(index, this));
  }

  start(): void {
    for (const host of this.hosts) host.feed({ kind: "started", nowMs: 0 });
  }

  schedule(delayMs: number, run: () => void): void {
    this.#events.push({ atMs: this.nowMs + delayMs, order: this.#order++, run });
  }

  run(forMs: number): void {
    const untilMs = this.nowMs + forMs;
    for (let steps = 0; steps < 400_000; steps++) {
      const event = this.#events.shiftUntil(untilMs);
      if (event === undefined) break;
      this.nowMs = event.atMs;
      event.run();
    }
    this.nowMs = untilMs;
  }

  setWork(hasWork: boolean): void {
    for (const host of this.hosts) host.feed({ kind: "workChanged", hasWork, nowMs: this.nowMs });
  }

  isLinked(a: Host, b: Host): boolean {
    return this.partition === null || this.partition.some((side) => side.includes(a.index) && side.includes(b.index));
  }

  broadcast(from: Host, input: () => BftInput): void {
    for (const host of this.hosts) if (host !== from) this.send(from, host.index, input);
  }

  send(from: Host, to: number, input: () => BftInput): void {
    const host = this.hosts[to];
    if (host === undefined || from.isDown || !this.isLinked(from, host)) return;
    const { loss = 0, duplication = 0, delayMs = [5, 40] } = this.#options;
    const copies = this.#chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.isLossy && this.#chance(loss)) continue;
      const { generation } = host;
      this.schedule(delayMs[0] + this.#random.below(delayMs[1] - delayMs[0]), () => {
        if (host.generation === generation && this.isLinked(from, host))
          host.feed({ ...input(), nowMs: this.nowMs } as BftInput);
      });
    }
  }

  #chance(probability: number): boolean {
    return this.#random.below(1_000_000) < probability * 1_000_000;
  }

  makeBlock(parentHash: Hash32, host: Host): Block {
    const parent = host.blocks.get(parentHash) ?? host.tip;
    const height = parent.height + 1;
    return {
      hash: keccakHash(
        concatBytes(hexToBytes(parentHash), Uint8Array.of(host.index), encodeRlp(rlpInteger(this.#serial++))),
      ),
      parentHash,
      height,
    };
  }

  encode(block: Block): Uint8Array {
    return encodeRlp([hexToBytes(block.hash), rlpInteger(block.height)]);
  }

  isBoundary(block: Block): boolean {
    return block.height === this.#options.boundaryHeight;
  }

  sign(member: number, request: SignedRequest): Uint8Array {
    const key = this.#keys[member] as Uint8Array;
    if (request.kind === "prePrepare")
      return mockSuite.sign(key, signingMessage(this.context, "prePrepare", request.view, request.blockHash));
    const blockHash = request.kind === "viewChange" ? (`0x${"00".repeat(32)}` as Hash32) : request.blockHash;
    return mockSuite.sign(key, voteMessage(this.context, request.kind, request.view, blockHash));
  }

  vote(member: number, kind: "prepare" | "commit", view: number, blockHash: Hash32): Vote {
    return {
      kind,
      epoch: 1,
      view,
      blockHash,
      member,
      signature: this.sign(member, { kind, epoch: 1, view, blockHash }),
    };
  }

  /** Invariants I2 and I3: one PREPARED per view, and never COMMITTED beside SKIPPED. */
  observe({ kind, view, blockHash }: Certificate): void {
    const key = `${kind} ${view}`;
    const before = this.#seenCertificates.get(key);
    if (before !== undefined && before !== blockHash) throw new Error(`two ${kind} in view ${view}`);
    this.#seenCertificates.set(key, blockHash);
    if (this.#seenCertificates.has(`committed ${view}`) && this.#seenCertificates.has(`skipped ${view}`)) {
      throw new Error(`COMMITTED and SKIPPED in view ${view}`);
    }
  }

  /** Invariant I1: no two final blocks at one height. */
  onCommit(block: Block): void {
    const before = this.#finalByHeight.get(block.height);
    if (before !== undefined && before !== block.hash) throw new Error(`two final blocks at height ${block.height}`);
    this.#finalByHeight.set(block.height, block.hash);
  }

  get heights(): readonly number[] {
    return this.hosts.map((host) => host.tip.height);
  }
}
