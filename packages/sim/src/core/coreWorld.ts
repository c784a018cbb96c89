// A network of core-level members on one thread: builds them, carries their messages, lets faults strike, tells the checks.
import type { SignatureSuite, SigningContext } from "@festina/crypto";
import { type BftTiming, type SignedRequest, verifyCertificate, verifyEvidence } from "@festina/fastchain";
import { type Hash32, OperationError } from "@festina/primitives";
import { accusedMembers, type Certificate, type Committee, evidenceEpoch } from "@festina/types";
import type { Mischief } from "../byzantine/mischief.ts";
import type { Watch } from "../check/watch.ts";
import { TraceDigest } from "../world/digest.ts";
import { SimDisk } from "../world/disk.ts";
import { FaultCounts } from "../world/faultCounts.ts";
import { SimNetwork } from "../world/network.ts";
import { Scheduler } from "../world/scheduler.ts";
import { createStreams, type Streams } from "../world/streams.ts";
import { CommitteeSchedule, GENESIS_HASH, processOf } from "./committees.ts";
import { CoreMember } from "./coreMember.ts";
import { CoreMischief } from "./coreMischief.ts";
import type { MemberWorld } from "./memberWorld.ts";
import {
  type CoreMessage,
  corruptMessage,
  describeMessage,
  nameOfBlock,
  sizeOfMessage,
  summarizeMessage,
} from "./message.ts";
import { createMockSuite } from "./mockSuite.ts";

export const CORE_TIMING: BftTiming = {
  heartbeatMs: 1_000,
  minBlockIntervalMs: 0,
  deltaMs: 300,
  deltaMsMax: 30_000,
  executionBudgetMs: 100,
};

export interface CoreWorldOptions {
  readonly seed: number;
  readonly members: number;
  readonly timing?: Partial<BftTiming>;
  /** Blocks per epoch. */
  readonly epochBlocks?: number;
  /** Members that may break rules or lose their disk, by index. */
  readonly faulty?: ReadonlySet<number>;
  readonly excessSeats?: number;
  readonly mischief?: ReadonlyMap<number, Mischief>;
  /** Tags that cost nothing when absent. */
  readonly suite?: SignatureSuite;
  readonly watch: Watch;
  /** Called for every line that an explanation would show. */
  readonly trace?: (atMs: number, who: number, what: string) => void;
}

interface Process {
  readonly disk: SimDisk;
  readonly secretKey: Uint8Array;
  member: CoreMember | null;
  /** Rises with every start: what belonged to an earlier life finds nobody. */
  life: number;
  isPaused: boolean;
  /** What a paused process finds when it goes on. */
  readonly held: (() => void)[];
  wallOffsetMs: number;
}

/** Of what happens with every block: numbers for the digest. */
const SIGNED_SORTS: readonly SignedRequest["kind"][] = ["prePrepare", "prepare", "commit", "viewChange"];
const FINAL_SORT = SIGNED_SORTS.length;
const CHAIN_ID = 4_242n;
const EPOCH_BLOCKS = 12;
const NOBODY: ReadonlySet<number> = new Set();

export class CoreWorld {
  readonly scheduler = new Scheduler();
  readonly counts = new FaultCounts();
  readonly digest = new TraceDigest();
  readonly network: SimNetwork<CoreMessage>;
  readonly streams: Streams;
  readonly suite: SignatureSuite;
  readonly #options: CoreWorldOptions;
  readonly #schedule: CommitteeSchedule;
  readonly #processes: readonly Process[];
  /** When the newest transaction came that no final block includes yet. */
  #workSinceMs: number | null = null;
  readonly #builtMs = new Map<Hash32, number>();
  readonly #mischief: CoreMischief;
  readonly #contexts = new Map<number, SigningContext>();

  constructor(options: CoreWorldOptions) {
    this.#options = options;
    this.suite = options.suite ?? createMockSuite();
    options.watch.nowMs = () => this.scheduler.nowMs;
    options.watch.hearsTheFaulty = true;
    this.streams = createStreams(options.seed);
    const keys = this.streams("keys");
    this.#processes = Array.from({ length: options.members }, (_, index) => ({
      disk: new SimDisk(this.streams(`disk ${index}`), this.counts),
      // Every suite takes a key this small.
      secretKey: keys.bytes(32).fill(0, 0, 1),
      member: null,
      life: 0,
      isPaused: false,
      held: [],
      wallOffsetMs: 0,
    }));
    this.#schedule = new CommitteeSchedule(
      {
        publicKeys: this.#processes.map(({ secretKey }) => this.suite.publicKey(secretKey)),
        faulty: options.faulty ?? NOBODY,
        excessSeats: options.excessSeats ?? 0,
      },
      this.streams("committees"),
    );
    this.network = new SimNetwork({
      processes: options.members,
      scheduler: this.scheduler,
      dice: this.streams("network"),
      counts: this.counts,
      sizeOf: sizeOfMessage,
      corrupt: corruptMessage,
      deliver: (to, from, message) => this.#deliver(to, from, message),
    });
    this.#mischief = new CoreMischief(this, options.mischief ?? new Map());
  }

  /** How often each class of mischief sent other than it should have. */
  get acts(): ReadonlyMap<string, number> {
    return this.#mischief.acts;
  }

  /** Members that may break rules. */
  get faulty(): ReadonlySet<number> {
    return this.#options.faulty ?? NOBODY;
  }

  /** A dishonest member signs with its bare key. */
  onForged(index: number, request: SignedRequest): void {
    this.#options.watch.onForged(index, request);
  }

  /** Whether a block at this height ends its epoch. */
  isBoundary(height: number): boolean {
    return height % (this.#options.epochBlocks ?? EPOCH_BLOCKS) === 0;
  }

  get members(): number {
    return this.#processes.length;
  }

  committee(epoch: number): Committee {
    return this.#schedule.of(epoch);
  }

  /** The same object for all: what is signed in an epoch is encoded once. */
  context(epoch: number): SigningContext {
    let context = this.#contexts.get(epoch);
    if (context === undefined) {
      context = { chainId: CHAIN_ID, genesisHash: GENESIS_HASH, epoch };
      this.#contexts.set(epoch, context);
    }
    return context;
  }

  member(index: number): CoreMember | null {
    return this.#process(index).member;
  }

  disk(index: number): SimDisk {
    return this.#process(index).disk;
  }

  secretKey(index: number): Uint8Array {
    return this.#process(index).secretKey;
  }

  isUp(index: number): boolean {
    const { member, isPaused } = this.#process(index);
    return member !== null && !isPaused;
  }

  start(): void {
    for (let index = 0; index < this.members; index++) this.boot(index, true);
  }

  /** @param isFirstStart nobody has signed anything yet */
  boot(index: number, isFirstStart = false): void {
    const process = this.#process(index);
    if (process.member !== null) return;
    process.life += 1;
    this.note(index, "starts");
    const member = this.#makeMember(index, process, isFirstStart);
    if (member === null) return;
    process.member = member;
    this.#options.watch.onBoot(index, member.chain.height);
    member.start();
  }

  #makeMember(index: number, process: Process, isFirstStart: boolean): CoreMember | null {
    const { timing, members } = this.#options;
    const options = {
      index,
      processes: members,
      suite: this.suite,
      secretKey: process.secretKey,
      timing: { ...CORE_TIMING, ...timing },
      dice: this.streams(`member ${index} ${process.life}`),
      disk: process.disk,
      isFirstStart,
    };
    try {
      return new CoreMember(options, this.#worldOf(index, process));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.note(index, `does not start: ${error.code}`);
      this.#options.watch.onSilence(index, error.code);
      return null;
    }
  }

  /** Ends the process as a power cut would. */
  crash(index: number): void {
    const process = this.#process(index);
    process.member?.stop();
    process.member = null;
    process.life += 1;
    process.isPaused = false;
    process.held.length = 0;
    process.disk.crash();
    this.note(index, "crashes");
  }

  pause(index: number): void {
    this.#process(index).isPaused = true;
    this.note(index, "pauses");
  }

  resume(index: number): void {
    const process = this.#process(index);
    process.isPaused = false;
    this.note(index, "goes on");
    for (const run of process.held.splice(0)) run();
  }

  jumpClock(index: number, byMs: number): void {
    this.#process(index).wallOffsetMs += byMs;
  }

  /** A transaction reaches everyone; a block that is built from now on includes it. */
  addWork(): void {
    this.#workSinceMs = this.scheduler.nowMs;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const process of this.#processes) {
      const { member } = process;
      if (member !== null) this.#inLife(process, process.life, () => member.wake());
    }
  }

  #onBlockFinal(hash: Hash32): void {
    if (this.#workSinceMs === null || (this.#builtMs.get(hash) ?? 0) < this.#workSinceMs) return;
    this.#workSinceMs = null;
    this.#builtMs.clear();
    // Not in the middle of a commit.
    this.scheduler.after(0, () => this.#wakeAll());
  }

  note(who: number, what: string): void {
    const { nowMs } = this.scheduler;
    this.digest.event(nowMs, who, what);
    this.#options.trace?.(nowMs, who, what);
  }

  /** The same for what happens with every block: made into words only where somebody reads them. */
  #noteOften(
    who: number,
    { sort, number, name }: { readonly sort: number; readonly number: number; readonly name: string },
    words: () => string,
  ): void {
    const { nowMs } = this.scheduler;
    this.digest.count3(nowMs, who, number, sort);
    this.digest.text(name);
    this.#options.trace?.(nowMs, who, words());
  }

  #noteDelivery(to: number, from: number, message: CoreMessage): void {
    const { nowMs } = this.scheduler;
    this.digest.count3(nowMs, to, from, summarizeMessage(message));
    this.#options.trace?.(nowMs, to, `< ${from} ${describeMessage(message)}`);
  }

  #process(index: number): Process {
    return this.#processes[index] as Process;
  }

  /** Runs something of a process's present life: later when it is paused, never when it has ended. */
  #inLife(process: Process, life: number, run: () => void): void {
    if (process.life !== life) return;
    if (process.isPaused) process.held.push(() => this.#inLife(process, life, run));
    else run();
  }

  #deliver(to: number, from: number, message: CoreMessage): void {
    const process = this.#process(to);
    if (process.isPaused) this.#inLife(process, process.life, () => this.#hand(process, to, from, message));
    else this.#hand(process, to, from, message);
  }

  #hand(process: Process, to: number, from: number, message: CoreMessage): void {
    if (process.member === null) return;
    if (message.kind !== "status") this.#noteDelivery(to, from, message);
    if (message.kind === "certificate") this.#watchCertificate(message.certificate);
    process.member.receive(from, message);
  }

  /** Whoever made it: a certificate that verifies is a fact. */
  #watchCertificate(certificate: Certificate): void {
    const { watch } = this.#options;
    const { epoch } = certificate;
    if (watch.knows(certificate) || epoch > watch.epochs) return;
    if (verifyCertificate(certificate, this.committee(epoch), this.context(epoch), this.suite).ok)
      watch.onCertificate(certificate);
  }

  #send(index: number, to: number, message: CoreMessage): void {
    const sent = this.#mischief.rewrite(index, to, message);
    if (sent === null) return this.network.send(index, to, message);
    for (const instead of sent) this.network.send(index, to, instead);
  }

  #worldOf(index: number, process: Process): MemberWorld {
    const { life } = process;
    const { watch } = this.#options;
    return {
      nowMs: () => this.scheduler.nowMs,
      wallMs: () => 1_000_000 + this.scheduler.nowMs + process.wallOffsetMs,
      after: (delayMs, run) => this.scheduler.after(delayMs, () => this.#inLife(process, life, run)),
      send: (to, message) => this.#send(index, to, message),
      committee: (epoch) => this.committee(epoch),
      context: (epoch) => this.context(epoch),
      isBoundary: (height) => this.isBoundary(height),
      hasWork: () => this.#workSinceMs !== null,
      onBuilt: (hash) => void this.#builtMs.set(hash, this.scheduler.nowMs),
      onSigned: (epoch, request) => {
        const { kind, view } = request;
        const name = kind === "viewChange" ? "" : nameOfBlock(request.blockHash);
        const what = { sort: SIGNED_SORTS.indexOf(kind), number: view, name };
        this.#noteOften(index, what, () => `signs ${kind} ${epoch}/${view}${name === "" ? "" : ` ${name}`}`);
        watch.onSigned(index, request);
      },
      onFinal: (block, certificate) => {
        const name = nameOfBlock(block.hash);
        this.#noteOften(index, { sort: FINAL_SORT, number: block.height, name }, () => `final ${block.height} ${name}`);
        this.#onBlockFinal(block.hash);
        watch.onFinal(index, block, certificate, this.scheduler.nowMs);
      },
      onCertificate: (certificate) => this.#watchCertificate(certificate),
      onSkipped: (epoch, view) => {
        this.note(index, `skipped ${epoch}/${view}`);
        watch.onSkipped(index, epoch, view);
      },
      onEvidence: (evidence) => {
        const committee = this.committee(evidenceEpoch(evidence));
        const accused = accusedMembers(evidence).map((member) => processOf(committee, member));
        const isProven = verifyEvidence(evidence, committee, this.context(committee.epoch), this.suite).ok;
        this.note(index, `has proof against ${accused.join(" ")}: ${evidence.kind}`);
        watch.onEvidence(index, accused, evidence.kind, isProven);
      },
      onBlamed: (process, code) => {
        this.note(index, `blames ${process}: ${code}`);
        watch.onBlamed(index, process, code);
      },
      onDied: (reason) => {
        this.note(index, `dies: ${reason}`);
        // Not in the middle of what it is doing.
        this.scheduler.after(0, () => {
          if (process.life === life) this.crash(index);
        });
      },
      onSilence: (reason) => {
        this.note(index, reason === null ? "votes again" : `is silent: ${reason}`);
        watch.onSilence(index, reason);
      },
    };
  }
}
