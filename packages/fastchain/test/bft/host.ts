import { keccakHash } from "@festina/crypto";
import { bytesToHex, type Hash32 } from "@festina/primitives";
import { type Certificate, decodePrePrepare, encodePrePrepare } from "@festina/types";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  checkSigning,
  EMPTY_SIGNING_RECORD,
  leaderOf,
  type SignedRequest,
  type SigningRecord,
} from "../../src/index.ts";
import type { TestNetwork } from "./network.ts";

export const GENESIS = keccakHash(Uint8Array.of(0));

export interface Block {
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
}

/** One member: a core, its durable record, and the blocks it holds. */
export class Host {
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
      suite: this.network.suite,
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
          verdict: isTrue ? network.judge(block) : "garbled",
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
          const isFromLeader = leaderOf(network.committee, copy.value.view) === this.index;
          const from = String(this.index);
          return { kind: "prePrepareReceived", message: copy.value, from, isFromLeader, nowMs: network.nowMs };
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
        return network.broadcast(this, () => this.certificateInput(effect.certificate), effect.except);
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
      case "misbehaviourSeen":
        network.evidence.push(effect.evidence);
        return;
      case "senderBlamed":
        network.blamed.push(`${effect.from} ${effect.code}`);
        return;
      case "proposalRefused":
        network.refused.push(effect.leader);
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
