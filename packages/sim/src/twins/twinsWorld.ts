// Five processes of the production consensus core, two of them one member. Messages of a view stay inside the groups of
// that view's partition; what crosses them is held back until the view's time is over, so nothing is lost for good.
import { type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  type BftTiming,
  EMPTY_SIGNING_RECORD,
  voteMessage,
} from "@festina/fastchain";
import { bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import { accusedMembers, type Certificate, type Committee } from "@festina/types";
import { addressOfMember, GENESIS_HASH } from "../core/committees.ts";
import { Scheduler } from "../world/scheduler.ts";
import { TWIN_MEMBER, TWINS_MEMBERS, TWINS_PROCESSES, type TwinsCase } from "./twinsCase.ts";
import { TwinsVerdict } from "./twinsVerdict.ts";

const DELTA_MS = 10;
const TIMING: BftTiming = {
  heartbeatMs: 0,
  minBlockIntervalMs: 0,
  deltaMs: DELTA_MS,
  deltaMsMax: 8 * DELTA_MS,
  executionBudgetMs: 0,
};
const MESSAGE_MS = 1;
/** Long enough for a view without a leader to be given up, in each group, before the partition heals. */
const PARTITION_MS = 5 * DELTA_MS;
/** After the partitions; a dead end is noticed by then. */
const LIMIT_MS = 2_000;
const EMPTY = new Uint8Array(0);

interface TwinsBlock {
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
}

export interface TwinsOutcome {
  /** What was broken, in words; empty when all is well. */
  readonly violations: readonly string[];
  /** Members that were seen to contradict themselves. */
  readonly accused: readonly number[];
  readonly events: number;
}

export interface TwinsKeys {
  readonly suite: SignatureSuite;
  readonly secretKeys: readonly Uint8Array[];
  /** By epoch. */
  readonly contexts: readonly SigningContext[];
}

const memberOf = (process: number): number => (process === TWINS_MEMBERS ? TWIN_MEMBER : process);

class TwinsProcess {
  readonly core: BftCore;
  readonly index: number;
  readonly #world: TwinsWorld;
  readonly #timers = new Map<string, { cancel(): void }>();
  readonly #inbox: BftInput[] = [];
  #isDraining = false;

  constructor(index: number, world: TwinsWorld) {
    this.index = index;
    this.#world = world;
    this.core = new BftCore({
      context: world.context,
      committee: world.committee,
      suite: world.keys.suite,
      timing: TIMING,
      ownMember: memberOf(index),
      committed: { hash: GENESIS_HASH, height: 0, view: 0, certificate: null },
      record: EMPTY_SIGNING_RECORD,
    });
  }

  feed(input: BftInput): void {
    this.#inbox.push(input);
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      const before = this.core.view;
      const effects = this.core.step(next);
      if (this.core.view !== before) this.#world.onView(this.core.view);
      for (const effect of effects) this.#run(effect);
    }
    this.#isDraining = false;
  }

  #run(effect: BftEffect): void {
    const world = this.#world;
    const { nowMs } = world.scheduler;
    const from = String(this.index);
    switch (effect.kind) {
      case "buildProposal": {
        const block = world.makeBlock(effect.parentHash);
        const { hash: blockHash, parentHash, height } = block;
        const proposal = { blockHash, parentHash, height, envelope: EMPTY, reveal: EMPTY, isBoundary: false };
        return this.feed({ kind: "proposalBuilt", view: effect.view, proposal, nowMs });
      }
      case "checkProposal": {
        const { view, blockHash } = effect.message;
        return this.feed({ kind: "proposalChecked", view, blockHash, verdict: "valid", isBoundary: false, nowMs });
      }
      case "executeBlock":
        return this.feed({
          kind: "blockExecuted",
          blockHash: effect.blockHash,
          verdict: "valid",
          isBoundary: false,
          nowMs,
        });
      case "sign": {
        const { request } = effect;
        return this.feed({ kind: "signed", request, signature: world.sign(memberOf(this.index), request), nowMs });
      }
      case "broadcastPrePrepare":
        return world.broadcast(this, effect.message.view, {
          kind: "prePrepareReceived",
          message: effect.message,
          from,
          isFromLeader: true,
          nowMs,
        });
      case "broadcastVote":
        return world.broadcast(this, effect.vote.view, { kind: "voteReceived", vote: effect.vote, from, nowMs });
      case "broadcastCertificate":
        world.verdict.onCertificate(effect.certificate);
        return world.broadcast(this, effect.certificate.view, this.#certificate(effect.certificate), effect.except);
      case "sendCertificate":
        return world.send(
          this.index,
          Number(effect.to),
          effect.certificate.view,
          this.#certificate(effect.certificate),
        );
      case "setTimer": {
        const { timer, view, atMs } = effect;
        this.#timers.get(timer)?.cancel();
        const due = world.scheduler.after(atMs - nowMs, () =>
          this.feed({ kind: "timerElapsed", timer, view, nowMs: world.scheduler.nowMs }),
        );
        this.#timers.set(timer, due);
        return;
      }
      case "clearTimer":
        this.#timers.get(effect.timer)?.cancel();
        return;
      case "commitBlock":
        world.verdict.onCertificate(effect.certificate);
        return world.onCommit(this.index, effect.blockHash, effect.certificate.view);
      case "requestBlock":
        return world.fetchBlock(this, effect.blockHash);
      case "requestCertificates":
        return world.fetchCertificates(this, effect.fromView, effect.toView);
      case "misbehaviourSeen":
        return world.verdict.onAccused(accusedMembers(effect.evidence));
      case "senderBlamed":
        return world.verdict.note(`${effect.from} is blamed for ${effect.code} by ${this.index}`);
      case "proposalRefused":
        return world.verdict.note(`${this.index} refuses the proposal of view ${effect.view}`);
      default:
    }
  }

  #certificate(certificate: Certificate): BftInput {
    return { kind: "certificateReceived", certificate, from: String(this.index), nowMs: 0 };
  }
}

export class TwinsWorld {
  readonly scheduler = new Scheduler();
  readonly verdict = new TwinsVerdict(TWIN_MEMBER);
  readonly keys: TwinsKeys;
  readonly committee: Committee;
  readonly context: SigningContext;
  readonly #case: TwinsCase;
  readonly #processes: readonly TwinsProcess[];
  readonly #blocks = new Map<Hash32, TwinsBlock>();
  /** When the partition of a view is over. */
  readonly #healMs: number[] = [];

  constructor(twins: TwinsCase, keys: TwinsKeys) {
    this.#case = twins;
    this.keys = keys;
    const members = keys.secretKeys.map((secretKey, index) => ({
      address: addressOfMember(index),
      payout: addressOfMember(index),
      publicKey: bytesToHex(keys.suite.publicKey(secretKey)),
      seats: 1,
    }));
    this.committee = { epoch: twins.epoch, members };
    this.context = keys.contexts[twins.epoch] as SigningContext;
    this.#blocks.set(GENESIS_HASH, { hash: GENESIS_HASH, parentHash: GENESIS_HASH, height: 0 });
    this.#processes = Array.from({ length: TWINS_PROCESSES }, (_, index) => new TwinsProcess(index, this));
  }

  /** Runs until every process has finalised a block of a view without partition, or time is up. */
  run(): TwinsOutcome {
    const { scheduler, verdict } = this;
    for (const process of this.#processes) {
      process.feed({ kind: "started", nowMs: 0 });
      process.feed({ kind: "workChanged", hasWork: true, nowMs: 0 });
    }
    const views = this.#case.partitions.length;
    const isDone = (): boolean => this.#processes.every(({ index }) => verdict.committedView(index) > views);
    while (!isDone() && scheduler.nowMs < LIMIT_MS && verdict.violations.length === 0)
      scheduler.runUntil(scheduler.nowMs + MESSAGE_MS);
    if (!isDone()) verdict.note(`no commit within ${LIMIT_MS} ms`);
    return { violations: verdict.violations, accused: verdict.accused, events: scheduler.count };
  }

  onView(view: number): void {
    if (view <= this.#case.partitions.length) this.#healMs[view] ??= this.scheduler.nowMs + PARTITION_MS;
  }

  makeBlock(parentHash: Hash32): TwinsBlock {
    const hash = `0x${this.#blocks.size.toString(16).padStart(64, "0")}` as Hash32;
    const block = { hash, parentHash, height: (this.#blocks.get(parentHash)?.height ?? 0) + 1 };
    this.#blocks.set(hash, block);
    return block;
  }

  sign(member: number, request: Parameters<typeof signedBytes>[1]): Uint8Array {
    const { suite, secretKeys } = this.keys;
    return suite.sign(secretKeys[member] as Uint8Array, signedBytes(this.context, request));
  }

  broadcast(from: TwinsProcess, view: number, input: BftInput, except?: ReadonlySet<string>): void {
    for (const { index } of this.#processes)
      if (index !== from.index && except?.has(`${index}`) !== true) this.send(from.index, index, view, input);
  }

  send(from: number, to: number, view: number, input: BftInput): void {
    const { scheduler } = this;
    const groups = this.#case.partitions[view - 1];
    const isHeld = groups !== undefined && groups[from] !== groups[to];
    const heldMs = isHeld ? Math.max(0, (this.#healMs[view] ?? 0) - scheduler.nowMs) : 0;
    scheduler.after(heldMs + MESSAGE_MS, () =>
      this.#processes[to]?.feed({ ...input, nowMs: scheduler.nowMs } as BftInput),
    );
  }

  onCommit(process: number, hash: Hash32, view: number): void {
    const path: Hash32[] = [];
    const from = this.verdict.committedHeight(process);
    for (let at = this.#blocks.get(hash); at !== undefined && at.height > from; at = this.#blocks.get(at.parentHash))
      path.push(at.hash);
    this.verdict.onCommit(process, path.reverse(), view);
  }

  fetchBlock(process: TwinsProcess, blockHash: Hash32): void {
    const block = this.#blocks.get(blockHash);
    if (block === undefined) return;
    const { parentHash, height } = block;
    this.scheduler.after(2 * MESSAGE_MS, () =>
      process.feed({ kind: "blockFetched", blockHash, parentHash, height, nowMs: this.scheduler.nowMs }),
    );
  }

  fetchCertificates(process: TwinsProcess, fromView: number, toView: number): void {
    for (const peer of this.#processes) {
      if (peer === process) continue;
      for (let view = fromView; view <= toView; view++)
        for (const certificate of peer.core.certificates(view))
          this.send(peer.index, process.index, view, {
            kind: "certificateReceived",
            certificate,
            from: String(peer.index),
            nowMs: 0,
          });
    }
  }
}

function signedBytes(
  context: Parameters<typeof voteMessage>[0],
  request: Extract<BftEffect, { kind: "sign" }>["request"],
): Uint8Array {
  if (request.kind === "prePrepare") return signingMessage(context, "prePrepare", request.view, request.blockHash);
  return voteMessage(
    context,
    request.kind,
    request.view,
    request.kind === "viewChange" ? ZERO_HASH : request.blockHash,
  );
}
