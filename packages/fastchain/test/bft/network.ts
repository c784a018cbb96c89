import { keccak256, keccakHash, type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
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
import type { Certificate, Committee, Evidence, Vote } from "@festina/types";
import { type BftInput, type BftTiming, type SignedRequest, voteMessage } from "../../src/index.ts";
import { EventQueue } from "./eventQueue.ts";
import { type Block, GENESIS, Host } from "./host.ts";
import { mockSuite } from "./mockSuite.ts";

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
  readonly suite?: SignatureSuite;
}

/** Members on one virtual clock, with messages that take time, get lost, doubled and reordered as the seed says. */
export class TestNetwork {
  readonly committee: Committee;
  readonly context: SigningContext;
  readonly timing: BftTiming;
  readonly suite: SignatureSuite;
  readonly hosts: readonly Host[];
  readonly evidence: Evidence[] = [];
  /** Sender and why. */
  readonly blamed: string[] = [];
  /** Leaders of refused proposals. */
  readonly refused: number[] = [];
  /** Set by tests: what hosts think of a block. */
  judge: (block: Block) => "valid" | "invalid" | "unavailable" = () => "valid";
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
  /** Set by tests: messages that never arrive. */
  isDropped: (input: BftInput, from: number, to: number) => boolean = () => false;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#random = createPrng(options.seed);
    this.timing = { ...TIMING, ...options.timing };
    this.suite = options.suite ?? mockSuite;
    // The first byte keeps the scalar below the order of any curve.
    this.#keys = options.seats.map((_, index) => keccak256(Uint8Array.of(7, index)).fill(1, 0, 1));
    const address = (index: number): Address => `0x${(index + 1).toString(16).padStart(40, "0")}` as Address;
    this.committee = {
      epoch: 1,
      members: options.seats.map((seats, index) => ({
        address: address(index),
        payout: address(index),
        publicKey: bytesToHex(this.suite.publicKey(this.#keys[index] as Uint8Array)),
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

  broadcast(from: Host, input: () => BftInput, except?: ReadonlySet<string>): void {
    for (const host of this.hosts)
      if (host !== from && except?.has(`${host.index}`) !== true) this.send(from, host.index, input);
  }

  send(from: Host, to: number, input: () => BftInput): void {
    const host = this.hosts[to];
    if (host === undefined || from.isDown || !this.isLinked(from, host)) return;
    const { loss = 0, duplication = 0, delayMs = [5, 40] } = this.#options;
    if (this.isDropped(input(), from.index, to)) return;
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
      return this.suite.sign(key, signingMessage(this.context, "prePrepare", request.view, request.blockHash));
    const blockHash = request.kind === "viewChange" ? (`0x${"00".repeat(32)}` as Hash32) : request.blockHash;
    return this.suite.sign(key, voteMessage(this.context, request.kind, request.view, blockHash));
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

  /** Rules S1 to S3 over all a member ever signed, restarts included. */
  checkSigned(member: number): void {
    const signed = new Map<string, string>();
    for (const request of this.hosts[member]?.signed ?? []) {
      const key = `${request.kind} ${request.view}`;
      const digest = request.kind === "viewChange" ? "" : request.blockHash;
      if ((signed.get(key) ?? digest) !== digest) throw new Error(`member ${member} signed two: ${key}`);
      signed.set(key, digest);
    }
    for (const key of signed.keys()) {
      if (key.startsWith("commit ") && signed.has(key.replace("commit", "viewChange")))
        throw new Error(`member ${member} signed COMMIT and VIEW-CHANGE: ${key}`);
    }
  }

  /** Runs until `isDone`, at most so long. */
  runUntil(isDone: () => boolean, forMsMax: number): boolean {
    for (const endMs = this.nowMs + forMsMax; this.nowMs < endMs && !isDone(); ) this.run(250);
    return isDone();
  }

  get heights(): readonly number[] {
    return this.hosts.map((host) => host.tip.height);
  }
}
